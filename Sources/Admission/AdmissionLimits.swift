/// Every bound that admission puts on what a source may send.
///
/// A value at its bound is taken, one beyond it is rejected. Bytes are bytes of UTF-8 after escapes are resolved.
public enum AdmissionLimits {
    /// Bytes of a line of NDJSON without its line end, and of an element of a batch.
    public static let lineBytesMax = 1024 * 1024
    /// Bytes of a whole `application/cloudevents-batch+json` body.
    public static let bodyBytesMax = 16 * 1024 * 1024
    /// Events of a batch body.
    public static let batchEventsMax = 100_000
    /// Objects and arrays inside each other.
    public static let depthMax = 64

    /// Bytes of an identifier: event, source, contact, order, product, campaign …
    public static let identifierBytesMax = 200
    /// Bytes of the name of a custom field, a property, or an unknown attribute of the envelope.
    public static let nameBytesMax = 100
    /// Bytes of a tag, without the white space around it.
    public static let tagBytesMax = 200
    /// Bytes of a text: a title, a city, a custom field.
    public static let textBytesMax = 4 * 1024
    /// Bytes of an e-mail address (RFC 5321: 64 before the @, 255 after it).
    public static let emailBytesMax = 320
    /// Bytes of the address of a link.
    public static let urlBytesMax = 8 * 1024

    /// Unknown attributes of an envelope.
    public static let extensionsMax = 100
    /// Custom fields of one event.
    public static let fieldsMax = 500
    /// Texts of one list.
    public static let listTextsMax = 1_000
    /// Tags named by one event, added and removed together.
    public static let tagsMax = 1_000
    /// Lines of one order.
    public static let orderLinesMax = 10_000
    /// Properties of one activity.
    public static let propertiesMax = 100
    /// Stores of one integration.
    public static let storesMax = 1_000
    /// Capabilities of one integration.
    public static let capabilitiesMax = 100

    /// The highest rating; the lowest is 0.
    public static let ratingMax = 5
    /// Degrees north or south.
    public static let latitudeMax = 90
    /// Degrees east or west.
    public static let longitudeMax = 180
}

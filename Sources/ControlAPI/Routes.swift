/// The paths of the control API, once as templates for the server and once as functions for clients.
public enum Routes {
    public static let status = "/v1/status"
    public static let audiences = "/v1/audiences"

    /// `/v1/audiences/{audience}`
    public static func audience(_ id: String) -> String {
        audiences + "/" + percentEncoded(id)
    }

    /// `POST` here hands events in; `firstLine` is the number the first line is reported under.
    public static func events(of audience: String, firstLine: Int? = nil) -> String {
        self.audience(audience) + "/events" + query([("firstLine", firstLine.map(String.init))])
    }

    /// Events that are accepted but not yet visible, the first `limit` of them.
    public static func pending(of audience: String, limit: Int? = nil) -> String {
        self.audience(audience) + "/pending" + query([("limit", limit.map(String.init))])
    }

    /// What the pending events will do to segments.
    public static func forecast(
        of audience: String, by grouping: ForecastGrouping? = nil, limit: Int? = nil
    ) -> String {
        self.audience(audience) + "/pending/forecast"
            + query([("by", grouping?.rawValue), ("limit", limit.map(String.init))])
    }

    /// Contact ids in byte order, from the one after `after`: all of them, or those that all of the rest selects.
    public static func contacts(
        of audience: String, limit: Int? = nil, after: String? = nil, idPrefix: String? = nil,
        emailPrefix: String? = nil, segment: String? = nil
    ) -> String {
        self.audience(audience) + "/contacts"
            + query([
                ("limit", limit.map(String.init)), ("after", after), ("idPrefix", idPrefix),
                ("emailPrefix", emailPrefix), ("segment", segment),
            ])
    }

    /// One contact, with its segments from the one after `segmentsAfter`.
    public static func contact(_ id: String, of audience: String, segmentsAfter: String? = nil) -> String {
        self.audience(audience) + "/contacts/" + percentEncoded(id) + query([("segmentsAfter", segmentsAfter)])
    }

    /// Saved segments: `GET` lists, `POST` saves.
    public static func segments(of audience: String) -> String {
        self.audience(audience) + "/segments"
    }

    /// One saved segment by its id ("s3") or its name.
    public static func segment(_ reference: String, of audience: String) -> String {
        segments(of: audience) + "/" + percentEncoded(reference)
    }

    /// Members in byte order of their ids, from the one after `after`.
    public static func members(
        of reference: String, in audience: String, limit: Int? = nil, after: String? = nil
    ) -> String {
        segment(reference, of: audience) + "/members"
            + query([("limit", limit.map(String.init)), ("after", after)])
    }

    /// Why one contact is, or is not, in a segment.
    public static func explain(_ reference: String, contact: String, in audience: String) -> String {
        segment(reference, of: audience) + "/explain" + query([("contact", contact)])
    }

    /// What the saved segments share, with the `limit` conditions that most of them have.
    public static func catalog(of audience: String, limit: Int? = nil) -> String {
        self.audience(audience) + "/catalog" + query([("limit", limit.map(String.init))])
    }

    /// What one segment shares with the others.
    public static func catalog(ofSegment reference: String, in audience: String) -> String {
        segment(reference, of: audience) + "/catalog"
    }

    /// `POST` here counts and samples a condition without saving it.
    public static func review(in audience: String) -> String {
        self.audience(audience) + "/review"
    }
}

extension Routes {
    /// The same paths with `{name}` where a parameter stands, as a router takes them.
    public enum Template {
        public static let status = Routes.status
        public static let audiences = Routes.audiences
        public static let audience = audiences + "/{audience}"
        public static let events = audience + "/events"
        public static let pending = audience + "/pending"
        public static let forecast = pending + "/forecast"
        public static let contacts = audience + "/contacts"
        public static let contact = contacts + "/{contact}"
        public static let review = audience + "/review"
        public static let catalog = audience + "/catalog"
        public static let segments = audience + "/segments"
        public static let segment = segments + "/{segment}"
        public static let members = segment + "/members"
        public static let explain = segment + "/explain"
        public static let segmentCatalog = segment + "/catalog"
    }
}

extension Routes {
    /// The text with every byte outside RFC 3986's unreserved set as `%XX`, fit for one path component or query value.
    public static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += byte < 16 ? "%0" : "%"
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    private static func query(_ items: [(name: String, value: String?)]) -> String {
        let pairs = items.compactMap { item in item.value.map { item.name + "=" + percentEncoded($0) } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

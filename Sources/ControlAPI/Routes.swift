/// The paths of the control API, once as templates for the server and once as functions for clients.
public enum Routes {
    public static let status = "/v1/status"
    public static let audiences = "/v1/audiences"

    /// `/v1/audiences/{audience}`
    public static func audience(_ id: String) -> String {
        audiences + "/" + percentEncoded(id)
    }

    /// `POST` here hands events in; `firstLine` is the number the first line is reported under. In a dry run nothing is
    /// stored.
    public static func events(of audience: String, firstLine: Int? = nil, dryRun: Bool = false) -> String {
        self.audience(audience) + "/events"
            + query([("firstLine", firstLine.map(String.init)), ("dryRun", dryRun ? "true" : nil)])
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

    /// The templates of prebuilt segments, with the audience's own segment of each.
    public static func prebuilt(of audience: String) -> String {
        self.audience(audience) + "/prebuilt"
    }

    /// One template by its name.
    public static func prebuilt(_ name: String, of audience: String) -> String {
        prebuilt(of: audience) + "/" + percentEncoded(name)
    }

    /// The integrations that send the audience's events.
    public static func integrations(of audience: String) -> String {
        self.audience(audience) + "/integrations"
    }

    /// A segment's revisions, the latest first, from the one before `after` on.
    public static func revisions(
        of reference: String, in audience: String, limit: Int? = nil, after: Int? = nil
    ) -> String {
        segment(reference, of: audience) + "/revisions"
            + query([("limit", limit.map(String.init)), ("after", after.map(String.init))])
    }

    /// One revision of a segment.
    public static func revision(_ number: Int, of reference: String, in audience: String) -> String {
        revisions(of: reference, in: audience) + "/\(number)"
    }

    /// What sets a revision apart from another; from the present one if none is named.
    public static func comparison(
        ofRevision number: Int, with other: Int? = nil, of reference: String, in audience: String
    ) -> String {
        revision(number, of: reference, in: audience) + "/comparison" + query([("with", other.map(String.init))])
    }

    /// `POST` here brings a revision back as a new one.
    public static func restore(_ number: Int, of reference: String, in audience: String) -> String {
        revision(number, of: reference, in: audience) + "/restore"
    }

    /// `POST` here says what an edit would do.
    public static func difference(of reference: String, in audience: String) -> String {
        segment(reference, of: audience) + "/difference"
    }

    /// `POST` here recomputes a segment from the log.
    public static func rerun(_ reference: String, in audience: String) -> String {
        segment(reference, of: audience) + "/rerun"
    }

    /// `POST` here deletes segments, all or none.
    public static func deletion(in audience: String) -> String {
        self.audience(audience) + "/deletion"
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
        public static let prebuilt = audience + "/prebuilt"
        public static let prebuiltTemplate = prebuilt + "/{template}"
        public static let integrations = audience + "/integrations"
        public static let segments = audience + "/segments"
        public static let segment = segments + "/{segment}"
        public static let members = segment + "/members"
        public static let explain = segment + "/explain"
        public static let segmentCatalog = segment + "/catalog"
        public static let revisions = segment + "/revisions"
        public static let revision = revisions + "/{revision}"
        public static let comparison = revision + "/comparison"
        public static let restore = revision + "/restore"
        public static let difference = segment + "/difference"
        public static let rerun = segment + "/rerun"
        public static let deletion = audience + "/deletion"
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

    static func query(_ items: [(name: String, value: String?)]) -> String {
        let pairs = items.compactMap { item in item.value.map { item.name + "=" + percentEncoded($0) } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

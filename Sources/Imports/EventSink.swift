import SegmentModel

/// Writes facts as events of one source, under ids that are a function of what they say.
///
/// The id is `KIND/KEY/DIGEST`: the same fact again has the same id and is a duplicate; one that has changed is a new
/// event. Facts that are to replace each other differ in their time or their content, and so in their digest.
struct EventSink {
    let source: Identifier

    /// Longer keys appear in ids as their digest, since an id has at most 200 bytes.
    private static let keyBytesMax = 150

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - kind: the first part of the id.
    ///   - key: what the fact is about, within its kind.
    func add(
        _ fact: Fact, kind: String, key: String, time: Instant?, place: Int, to events: inout ConvertedEvents
    ) {
        let type = JSONValue.string(fact.type).text
        let time = time.map { JSONValue.string($0.description).text }
        let data = Event(source: source, id: "", time: nil, fact: fact).json["data"]?.text ?? "null"
        let id = kind + "/" + Self.part(key) + "/" + Self.digest(type, time ?? "", data)
        var line = #"{"specversion":"1.0","id":"# + JSONValue.string(id).text
        line += #","source":"# + JSONValue.string(source.text).text + #","type":"# + type
        if let time { line += #","time":"# + time }
        line += #","data":"# + data + "}\n"
        events.bytes.append(contentsOf: line.utf8)
        events.places.append(place)
    }

    private static func part(_ key: String) -> String {
        key.utf8.count <= keyBytesMax ? key : digest(key)
    }

    private static func digest(_ texts: String...) -> String {
        var digest = Digest()
        for text in texts { digest.add(text) }
        return digest.text
    }
}

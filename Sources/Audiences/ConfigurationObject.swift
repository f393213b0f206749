internal import Admission
internal import Glibc
internal import SegmentModel

/// An object in a JSON file of the daemon's configuration; what is wrong with it is named by file and place.
struct ConfigurationObject {
    let file: String
    /// JSON pointer to the object.
    let pointer: String
    private let value: JSONValue

    /// Refuses what is not an object, and keys that are not known.
    init(_ value: JSONValue, keys: [String], file: String, pointer: String = "") throws(AudienceError) {
        self.file = file
        self.pointer = pointer
        self.value = value
        guard let members = value.members else {
            throw Self.fault(file, pointer, "expected an object with the keys \(keys.joined(separator: ", "))")
        }
        for member in members where !keys.contains(member.key) {
            let near = NameSuggestion.nearest(to: member.key, among: keys)
            let hint = near.map { "; did you mean “\($0)”?" } ?? "; known are \(keys.joined(separator: ", "))"
            throw Self.fault(file, pointer, "there is no key “\(member.key)” here\(hint)")
        }
    }

    /// Reads a file of at most `bytesMax` bytes.
    static func document(_ file: String) throws(AudienceError) -> JSONValue {
        let bytes = try bytes(of: file)
        do {
            return try JSONDocument.parse(bytes)
        } catch {
            throw fault(file, "", "this is not JSON: \(error.description)")
        }
    }

    private static let bytesMax = 1 << 20

    private static func bytes(of file: String) throws(AudienceError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(file, "", "cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= bytesMax {
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw fault(file, "", "cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
        throw fault(file, "", "is longer than \(bytesMax) bytes")
    }

    // MARK: Members

    /// The value of a key; nil if it is absent.
    func optional(_ key: String) -> JSONValue? { value[key] }

    func required(_ key: String) throws(AudienceError) -> JSONValue {
        guard let found = value[key] else { throw fault("the key “\(key)” is missing") }
        return found
    }

    func text(_ key: String) throws(AudienceError) -> String {
        guard let text = try required(key).stringValue, !text.isEmpty else {
            throw fault("expected a text in quotes", at: key)
        }
        return text
    }

    func number(_ key: String) throws(AudienceError) -> Number {
        guard let number = Number(json: try required(key)) else { throw fault("expected a number", at: key) }
        return number
    }

    /// A whole number from 1 on.
    func count(_ key: String) throws(AudienceError) -> Int {
        guard let count = try required(key).intValue, count > 0 else {
            throw fault("expected a whole number from 1 on", at: key)
        }
        return count
    }

    /// The texts of a list.
    func texts(_ key: String) throws(AudienceError) -> [String] {
        let texts = try required(key).arrayValue?.map(\.stringValue)
        guard let texts, !texts.contains(nil) else { throw fault("expected a list of texts", at: key) }
        return texts.compactMap(\.self)
    }

    // MARK: Faults

    /// What is wrong with the object, or with one of its members.
    func fault(_ message: String, at key: String? = nil) -> AudienceError {
        Self.fault(file, key.map(path) ?? pointer, message)
    }

    func path(_ key: String) -> String { pointer + "/" + JSONPointer.escaped(key) }

    private static func fault(_ file: String, _ pointer: String, _ message: String) -> AudienceError {
        AudienceError(.invalidSetting, "\(file): \(pointer.isEmpty ? "" : "at \(pointer): ")\(message).")
    }
}

extension Number {
    /// The number that a JSON number is; nil of anything else, and of what no condition could hold.
    init?(json: JSONValue) {
        guard let text = json.numberText, let number = try? Number(decimal: text) else { return nil }
        self = number
    }

    var json: JSONValue { .number(description) }

    /// Whether it has no fraction.
    var isWhole: Bool { billionths % Number(1).billionths == 0 }
}

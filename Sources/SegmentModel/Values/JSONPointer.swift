/// JSON pointers (RFC 6901): where in a document something stands.
public enum JSONPointer {
    /// A key as a pointer's token: `~` becomes `~0`, `/` becomes `~1`.
    public static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
        var token = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}

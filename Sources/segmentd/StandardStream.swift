import Glibc

/// Standard output and standard error.
struct StandardStream: Sendable {
    private let descriptor: CInt

    static let output = StandardStream(descriptor: STDOUT_FILENO)
    static let error = StandardStream(descriptor: STDERR_FILENO)

    /// Writes the text in one call, so that lines of several threads do not mix. A failure has nobody to be told.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

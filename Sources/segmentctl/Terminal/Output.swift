import Glibc

/// A standard stream of this process, written without buffering.
struct Output: Sendable {
    /// Whoever reads the stream has gone: not an error to complain about.
    struct ReaderGone: Error {}

    static let standard = Output(descriptor: STDOUT_FILENO)
    static let error = Output(descriptor: STDERR_FILENO)

    let descriptor: Int32

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal, 80 if it does not say; nil where this is no terminal and lines may be of any length.
    var columns: Int? { isTerminal ? size.map { Int($0.ws_col) } ?? 80 : nil }

    /// Lines of the terminal, 24 if it does not say; nil where this is no terminal.
    var rows: Int? { isTerminal ? size.map { Int($0.ws_row) } ?? 24 : nil }

    private var size: winsize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return size
    }

    /// Whether colours may be used: on a terminal, unless `NO_COLOR` is set or the terminal is dumb.
    var style: Style {
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        return Style(isColoured: isTerminal && !isPlain && !isDumb)
    }

    func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    func write(line: String) throws {
        try write(line + "\n")
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw ReaderGone()
            } else if errno != EINTR && errno != EAGAIN {
                throw Failure("cannot write the output: \(systemMessage(errno)).", exitCode: .ioError)
            }
        }
    }
}

/// What the system says about an error number.
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}

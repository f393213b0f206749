import Glibc

/// A file, or standard input, read in large pieces.
struct InputFile {
    private let descriptor: CInt
    private let path: String

    /// Opens the file; `-` is standard input.
    init(_ path: String) throws {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ReplayFailure("\(path): \(String(cString: strerror(errno))).", status: ReplayFailure.noInput)
        }
    }

    /// The next piece, nil at the end.
    func read() throws -> [UInt8]? {
        let piece = try [UInt8](unsafeUninitializedCapacity: Self.pieceBytesMax) { buffer, count in
            while true {
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if got >= 0 {
                    count = got
                    return
                }
                guard errno == EINTR else {
                    throw ReplayFailure("\(path): \(String(cString: strerror(errno))).", status: ReplayFailure.noInput)
                }
            }
        }
        return piece.isEmpty ? nil : piece
    }

    func close() {
        if descriptor != STDIN_FILENO { Glibc.close(descriptor) }
    }

    private static let pieceBytesMax = 1 << 20

    /// The whole of a small file.
    static func readAll(_ path: String) throws -> [UInt8] {
        let file = try InputFile(path)
        defer { file.close() }
        var bytes: [UInt8] = []
        while let piece = try file.read() {
            bytes += piece
            guard bytes.count <= wholeBytesMax else {
                throw ReplayFailure("\(path) is larger than \(wholeBytesMax >> 20) MiB.")
            }
        }
        return bytes
    }

    private static let wholeBytesMax = 64 << 20
}

/// Standard output, written whole; a closed pipe ends the program quietly.
enum StandardOutput {
    static func write(_ text: String) {
        writeAll(text, to: STDOUT_FILENO)
    }
}

/// Standard error.
enum StandardError {
    static func write(_ text: String) {
        writeAll(text, to: STDERR_FILENO)
    }
}

private func writeAll(_ text: String, to descriptor: CInt) {
    var text = text
    text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let written = write(descriptor, rest.baseAddress, rest.count)
            if written > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno != EINTR {
                exit(descriptor == STDOUT_FILENO && errno == EPIPE ? 0 : ReplayFailure.storage)
            }
        }
    }
}

import Glibc

/// A file read in large pieces.
struct InputFile {
    private let descriptor: CInt
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw BenchFailure("\(path): \(String(cString: strerror(errno))).", status: BenchFailure.noInput)
        }
    }

    /// The next piece, nil at the end.
    func read() throws -> [UInt8]? {
        let piece = try [UInt8](unsafeUninitializedCapacity: Self.pieceBytesMax) { buffer, count in
            count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count >= 0 else {
                count = 0
                throw BenchFailure("\(path): \(String(cString: strerror(errno))).", status: BenchFailure.noInput)
            }
        }
        return piece.isEmpty ? nil : piece
    }

    func close() {
        Glibc.close(descriptor)
    }

    private static let pieceBytesMax = 1 << 20

    /// The whole of a file.
    static func readAll(_ path: String) throws -> [UInt8] {
        let file = try InputFile(path)
        defer { file.close() }
        var bytes: [UInt8] = []
        while let piece = try file.read() { bytes += piece }
        return bytes
    }
}

/// What the bench asks of the file system.
enum Files {
    static func exists(_ path: String) -> Bool {
        access(path, R_OK) == 0
    }

    /// Bytes of a file, 0 if there is none.
    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
    }

    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        try write(Array(text.utf8), to: descriptor, path)
    }

    static func copy(_ source: String, to target: String) throws {
        let input = try InputFile(source)
        defer { input.close() }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(target) }
        defer { close(descriptor) }
        while let piece = try input.read() { try write(piece, to: descriptor, target) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                guard written > 0 else { throw failure(path) }
                rest = rest.dropFirst(written)
            }
        }
    }

    static func failure(_ path: String) -> BenchFailure {
        BenchFailure("\(path): \(String(cString: strerror(errno))).", status: BenchFailure.storage)
    }
}

import FoundationEssentials
import Glibc

/// What a program did to the files below a directory, in order, as the preloaded library recorded it.
struct Trace {
    /// One call that succeeded; paths are relative to the directory.
    enum Operation {
        /// - Parameter isDurable: the call returned only when the bytes were on the disk.
        case write(path: String, offset: Int, bytes: [UInt8], isDurable: Bool)
        case truncate(path: String, size: Int)
        case sync(path: String)
        case create(path: String)
        case makeDirectory(path: String)
        case rename(path: String, to: String)
        /// A file or an empty directory loses its name.
        case remove(path: String)
        /// Something that the client did or learned.
        case mark(Mark)
    }

    /// What the client did or learned between two calls.
    enum Mark: Equatable {
        case sent(step: Int)
        case acknowledged(step: Int, workedOff: Int)
    }

    var operations: [Operation] = []

    /// The numbers of `enum fault_kind` in FaultShim.h.
    private enum Kind: UInt32 {
        case write = 1
        case truncate, sync, create, makeDirectory, rename, unlink, removeDirectory, mark
    }

    private static let headSize = 32

    /// Reads the records in a file.
    init(file: String, root: String) throws {
        let data = try [UInt8](Data(contentsOf: URL(filePath: file)))
        var offset = 0
        while offset < data.count {
            guard data.count - offset >= Self.headSize else { throw Violation("the trace is cut off") }
            let head = data[offset..<offset + Self.headSize]
            let pathLength = Int(Self.integer(UInt32.self, in: head, at: 16))
            let otherLength = Int(Self.integer(UInt32.self, in: head, at: 20))
            let byteCount = Int(Self.integer(UInt64.self, in: head, at: 24))
            offset += Self.headSize
            guard data.count - offset >= pathLength + otherLength else { throw Violation("the trace is cut off") }
            let path = String(decoding: data[offset..<offset + pathLength], as: UTF8.self)
            offset += pathLength
            let other = String(decoding: data[offset..<offset + otherLength], as: UTF8.self)
            offset += otherLength
            let kind = Kind(rawValue: Self.integer(UInt32.self, in: head, at: 0))
            let hasBytes = kind == .write
            guard !hasBytes || data.count - offset >= byteCount else { throw Violation("the trace is cut off") }
            let bytes = hasBytes ? Array(data[offset..<offset + byteCount]) : []
            offset += bytes.count
            let place = Int(Self.integer(UInt64.self, in: head, at: 8))
            let detail = Int(Self.integer(UInt32.self, in: head, at: 4))
            let name = Self.relative(path, root)
            let operation: Operation =
                switch kind {
                case .write: .write(path: name, offset: place, bytes: bytes, isDurable: detail != 0)
                case .truncate: .truncate(path: name, size: place)
                case .sync: .sync(path: name)
                case .create: .create(path: name)
                case .makeDirectory: .makeDirectory(path: name)
                case .rename: .rename(path: name, to: Self.relative(other, root))
                case .unlink, .removeDirectory: .remove(path: name)
                case .mark:
                    .mark(path == "sent" ? .sent(step: place) : .acknowledged(step: place, workedOff: detail))
                case nil: throw Violation("the trace holds a record of an unknown kind")
                }
            operations.append(operation)
        }
    }

    private static func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, in head: ArraySlice<UInt8>, at offset: Int
    ) -> Value {
        head.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    private static func relative(_ path: String, _ root: String) -> String {
        path == root ? "" : path.hasPrefix(root + "/") ? String(path.dropFirst(root.utf8.count + 1)) : path
    }

    /// Adds a mark to a trace that is being recorded.
    static func append(_ mark: Mark, to file: String) throws {
        let (text, step, detail) =
            switch mark {
            case .sent(let step): ("sent", step, 0)
            case .acknowledged(let step, let workedOff): ("acknowledged", step, workedOff)
            }
        var record: [UInt8] = []
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { record.append(contentsOf: $0) }
        }
        append(Kind.mark.rawValue)
        append(UInt32(detail))
        append(UInt64(step))
        append(UInt32(text.utf8.count))
        append(UInt32(0))
        append(UInt64(0))
        record.append(contentsOf: text.utf8)
        let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        guard write(descriptor, record, record.count) == record.count else { throw Violation("no room for the trace") }
    }
}

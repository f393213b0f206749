internal import CPlatform

/// A refusal of the store: what was attempted, where, the answer, and what an operator can do about it.
///
/// Catch a single case with its code: `catch LMDBError.Code.mapFull`.
public struct LMDBError: Error, Sendable {
    /// LMDB's answer, an errno value, or a refusal of this module.
    public let code: Code
    /// What was attempted, in words that follow "while": "putting a value".
    public let operation: String
    /// The environment's directory.
    public let path: String
    /// The table concerned, if the operation had one.
    public let table: String?
    /// Bytes free for ordinary users where the environment lives, measured when an input/output error arrived.
    public let diskFreeBytes: UInt64?

    init(_ code: Code, while operation: String, path: String, table: String? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
        self.table = table
        diskFreeBytes = code == .inputOutput ? Self.freeBytes(at: path) : nil
    }

    /// Below this a failed write is taken for a full disk. LMDB writes at most 256 KiB at a time, or one value:
    /// where such a write came up short, hardly anything is left.
    static let fullDiskFreeBytesMax: UInt64 = 1 << 20

    /// True if the write failed for want of disk space: refuse writes, keep reading, try again when space returns.
    ///
    /// LMDB sees the short write before the kernel's ENOSPC and reports EIO: the free space tells the two apart.
    public var isDiskFull: Bool {
        switch code {
        case .noSpace, .quotaExceeded: true
        case .inputOutput: diskFreeBytes.map { $0 < Self.fullDiskFreeBytesMax } ?? false
        default: false
        }
    }

    /// True if this environment can no longer be used by this process: stop it and open it anew, or rebuild it.
    public var isFatal: Bool {
        switch code {
        case .panic, .corrupted, .pageNotFound, .invalid, .versionMismatch: true
        default: false
        }
    }

    /// True if the error has that code: `error == .mapFull`.
    public static func == (error: LMDBError, code: Code) -> Bool {
        error.code == code
    }

    private static func freeBytes(at path: String) -> UInt64? {
        var bytes: UInt64 = 0
        return platform_get_free_bytes(path, &bytes) == 0 ? bytes : nil
    }
}

extension LMDBError.Code {
    /// Lets `catch LMDBError.Code.mapFull` name one code.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? LMDBError)?.code == code
    }
}

extension LMDBError: CustomStringConvertible {
    public var description: String {
        let place = table.map { "table '\($0)' of " } ?? ""
        var text = "\(code.name) while \(operation), \(place)\(path): "
        if isDiskFull {
            text += "the disk is full. Free space on it; writes work again at once."
        } else {
            text += code.causeAndRemedy
        }
        if let diskFreeBytes {
            text += " (\(diskFreeBytes) bytes free)"
        }
        return text
    }
}

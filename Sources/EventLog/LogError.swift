internal import LMDB

/// Why the log could not be opened, read or appended to.
public struct LogError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure.
    public var kind: Kind
    /// A full sentence for the operator.
    public var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// What kind of failure, and with it what the caller can do.
    public enum Kind: Equatable, Sendable {
        /// What is stored is not what was written, in the named record or, without one, in the file as a whole. Stop;
        /// nothing of it may be served.
        case damaged(sequence: UInt64?)
        /// The directory is missing, of another kind, or of a newer version.
        case unsupportedFormat
        /// No room on the disk or in the map. Nothing was stored; the same request may succeed later.
        case full
        /// The work was ended from outside; nothing came of it.
        case cancelled
        /// The store failed; the process should end and be started anew.
        case storage
    }

    public var description: String { message }

    /// Wraps whatever came out of a transaction.
    static func wrapping(_ error: any Error) -> LogError {
        switch error {
        case let error as LogError: error
        case let error as LMDBError where error.isDiskFull || error == .mapFull:
            LogError(.full, "The log has no room left, nothing was stored: \(error)")
        case let error as FileDamage: LogError(error)
        case let error as LMDBError where error == .corrupted || error == .invalid || error == .pageNotFound:
            LogError(.damaged(sequence: nil), "The log's file is damaged: \(error). \(remedy)")
        default: LogError(.storage, "The log could not be read or written: \(error)")
        }
    }
}

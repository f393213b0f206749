internal import LMDB
public import Meters

/// What one of the log's stores uses now, and how its commits went.
public struct StoreUsage: Sendable {
    /// The file can never grow past it.
    public let mapBytes: Int
    /// The part of the map that has ever been used; freed pages count until they are used again.
    public let usedBytes: Int
    /// Reader slots taken or kept for use again, and how many there are.
    public let readerSlots: Int
    public let readerSlotsMax: Int
    /// The oldest read transaction that has ended, and how many ended older than they should.
    public let longestRead: Duration
    public let agedReads: Int
    public let commits: TimeHistogram.Reading
}

extension EventLog {
    /// What the log and its index use. Costs no input or output; throws only when closed.
    public func usage() throws(LogError) -> (log: StoreUsage, index: StoreUsage) {
        do {
            return (try StoreUsage(of: storage.environment), try StoreUsage(of: storage.index.environment))
        } catch {
            throw LogError.wrapping(error)
        }
    }
}

extension StoreUsage {
    fileprivate init(of environment: Environment) throws(LMDBError) {
        let usage = try environment.usage
        mapBytes = usage.mapSizeBytes
        usedBytes = usage.usedBytes
        readerSlots = usage.readerSlotCount
        readerSlotsMax = usage.readerSlotCountMax
        longestRead = usage.longestRead
        agedReads = usage.agedReadCount
        commits = environment.commits.reading
    }
}

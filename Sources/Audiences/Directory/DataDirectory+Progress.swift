internal import EventLog
internal import SegmentEngine

extension DataDirectory {
    /// Returns when the log's writer and the projection of every audience have taken a turn: each works off what waits
    /// before it. A thread that is stuck keeps it from returning.
    ///
    /// - Returns: how many events all of them have applied.
    public func passThrough() async -> UInt64 {
        await withTaskGroup(of: UInt64.self) { group in
            for audience in audiences {
                group.addTask {
                    await audience.log.passThrough()
                    return await audience.projection.passThrough()
                }
            }
            return await group.reduce(0, +)
        }
    }
}

extension Projection {
    /// Returns when it is this call's turn: the sequence it has come to.
    func passThrough() -> UInt64 { engine.sequence }
}

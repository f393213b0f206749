internal import EventLog
public import SegmentModel
internal import Synchronization

/// What the last looks at everything that is stored have found. Counted since the audience was opened.
public struct ScrubStatus: Equatable, Sendable {
    /// When the pass under way began, and how far in the log it is; nil between two passes.
    public var startedAt: Instant?
    public var checkedSequence: UInt64 = 0
    /// When the last pass ended that saw everything.
    public var completedAt: Instant?
    /// What the last pass found; nil if all was sound.
    public var fault: String?
    /// Passes that saw everything, and faults found by them or by one that a fault ended.
    public var passCount = 0
    public var faultCount = 0

    public init() {}
}

/// Where the scrubs of an audience stand.
final class ScrubState: Sendable {
    private let state = Mutex(ScrubStatus())

    var status: ScrubStatus { state.withLock { $0 } }

    func update(_ change: (inout ScrubStatus) -> Void) {
        state.withLock { change(&$0) }
    }
}

extension Audience {
    /// Blocks that are read between two pauses, some 64 KiB each.
    private static let blocksPerStep = 8

    /// What scrubs have found.
    public var scrubStatus: ScrubStatus { scrubs.status }

    /// Reads every block of the log, the index and all recipient lists, and checks them; beside all other work.
    ///
    /// A damaged log, or an index that does not agree with it, ends the pass: nothing of the audience may be served any
    /// more. Damaged recipient lists are all found, and the first of them is thrown at the end.
    ///
    /// - Parameter pause: called after every half a megabyte; what it throws ends the pass without a result.
    @concurrent
    public func scrub(pause: @Sendable () async throws -> Void) async throws {
        scrubs.update {
            $0.startedAt = clock.now()
            $0.checkedSequence = 0
        }
        do {
            try await checkLog(pause)
            let fault = try await checkLists(pause)
            endScrub(fault: fault, isComplete: true)
            if let fault { throw fault }
        } catch let error as AudienceError {
            if error.code != .listDamaged { endScrub(fault: error, isComplete: false) }
            throw error
        } catch {
            scrubs.update { $0.startedAt = nil }
            throw error
        }
    }

    /// Reads every block of the log and compares it with the index, without a pause.
    @concurrent
    func checkWhole() async throws(AudienceError) {
        do {
            try await checkLog {}
        } catch {
            throw AudienceError(wrapping: error)
        }
    }

    private func checkLog(_ pause: () async throws -> Void) async throws {
        var check = LogCheck()
        do {
            while true {
                for _ in 0..<Self.blocksPerStep {
                    guard try log.check(&check) else {
                        try log.checkRest()
                        return
                    }
                }
                scrubs.update { $0.checkedSequence = check.checkedSequence }
                try await pause()
            }
        } catch let error as LogError {
            if error.kind == .storage { log.distrustIndex() }
            throw AudienceError(error).naming(audience: id)
        }
    }

    /// Checks all lists and returns the first fault.
    private func checkLists(_ pause: () async throws -> Void) async throws -> AudienceError? {
        var fault: AudienceError?
        for list in await snapshot().book.recipients.lists {
            do throws(AudienceError) {
                try recipients.open(list).verify()
            } catch {
                fault = fault ?? error.naming(audience: id)
            }
            try await pause()
        }
        return fault
    }

    private func endScrub(fault: AudienceError?, isComplete: Bool) {
        scrubs.update { status in
            status.checkedSequence = max(status.checkedSequence, log.tail.sequence)
            status.startedAt = nil
            status.fault = fault?.message
            if fault != nil { status.faultCount += 1 }
            guard isComplete else { return }
            status.completedAt = clock.now()
            status.passCount += 1
        }
    }
}

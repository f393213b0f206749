import ControlAPI
import Glibc
import LMDB
import TestSupport

/// A client that asks for one thing after the other until the daemon is gone, and remembers what was answered.
///
/// What was not answered is asked for again in the next round if it is a batch of events: then it must be known as a
/// whole, or not at all.
actor LoadClient {
    private let executor = PinnedExecutor(name: "client")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let lane: Int
    private let socket: String
    private var random: SeededGenerator
    private var steps = RandomSteps(isErasing: false)
    private var nextEvent = 1
    private(set) var entries: [Ledger.Entry] = []

    /// Lane 0 makes the audience and everything that is defined, that of the erasable erases; the others hand in events.
    init(lane: Int, socket: String, seed: UInt64) {
        self.lane = lane
        self.socket = socket
        random = SeededGenerator(seed: seed)
    }

    private static let stepsMax = 60
    private static let waitMicroseconds: UInt32 = 500

    /// Asks until the daemon breaks off.
    func run() throws {
        for _ in 0..<Self.stepsMax {
            let index = nextIndex()
            let entry = entries[index]
            guard let call = Call(entry.step) else { continue }
            let isRepeated = entry.outcome == .doubtful
            entries[index].outcome = .doubtful
            switch Exchange.make(call, at: socket) {
            case .brokenOff: return
            case .silent: throw Violation("no answer within \(Exchange.silenceSecondsMax) s to \(entry.step)")
            case .answered(let answer):
                // A pass that a stop ends says so.
                guard answer.status < 500 || entry.step == .pass && answer.status == 503 else {
                    throw Violation("\(entry.step) was answered with \(answer.status)")
                }
                if answer.isSuccess {
                    try check(answer, of: entry.step, isRepeated: isRepeated)
                    entries[index].outcome = .acknowledged
                    entries[index].workedOff = try answer.workedOff(by: entry.step)
                } else {
                    // The audience is not there yet, or a segment whose saving was not answered.
                    usleep(Self.waitMicroseconds)
                }
            }
        }
    }

    /// The entry to ask for: a batch that was not answered, or a new one.
    private func nextIndex() -> Int {
        if let last = entries.last, last.outcome != .acknowledged, last.step.isRepeatable { return entries.count - 1 }
        entries.append(Ledger.Entry(step: nextStep(), outcome: .unsent))
        return entries.count - 1
    }

    private func nextStep() -> Step {
        if lane == Shop.erasableLane { return erasingStep() }
        if lane > 0 {
            let count = Int.random(in: 1...12, using: &random)
            defer { nextEvent += count }
            return .events(lane: lane, first: nextEvent, count: count)
        }
        guard !entries.isEmpty else { return .create }
        while true {
            let step = steps.step(using: &random)
            if step != .restart { return step }
        }
    }

    /// Of one contact after the other its events and its erasure, and a pass, which works off what is visible by then.
    private func erasingStep() -> Step {
        let contact = entries.count / 3
        return switch entries.count % 3 {
        case 0: .eventsOfErasable(contact)
        case 1: .erase(contact: contact)
        default: .pass
        }
    }

    private func check(_ answer: Answer, of step: Step, isRepeated: Bool) throws {
        guard case .events(_, let first, let count) = step else { return }
        let receipt = try WireCoding.decode(IngestAnswer.self, from: answer.body)
        let isWhole = receipt.appended == count || isRepeated && receipt.duplicates == count
        guard isWhole, receipt.appended + receipt.duplicates == count else {
            throw Violation(
                "of events \(first) to \(first + count - 1) of lane \(lane), \(receipt.appended) were appended and "
                    + "\(receipt.duplicates) known")
        }
    }
}

extension Step {
    /// Whether asking again does no harm and is answered in the same way.
    fileprivate var isRepeatable: Bool {
        if case .events = self { true } else { false }
    }
}

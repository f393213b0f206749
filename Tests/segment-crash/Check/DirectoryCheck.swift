import Admission
import Audiences
import EventLog
import FoundationEssentials
import SegmentModel
import Synchronization

/// Whether a data directory keeps every promise about what a ledger says was asked.
///
/// Opens it as a daemon does, asks everything, hands the events in again, stops in an orderly way, opens it once more,
/// works off the erasures and asks again; every answer is compared with the ledger and with the reference evaluator on the
/// log's own events, in which what was sent stands for what is erased. Of erased contacts nothing may be left.
struct DirectoryCheck {
    let path: String
    let ledger: Ledger
    private let clock: StandingClock

    /// - Parameter now: later than whatever was recorded.
    init(path: String, ledger: Ledger, now: Instant) {
        self.path = path
        self.ledger = ledger
        clock = StandingClock(instant: now)
    }

    /// Throws a violation, or whatever the directory throws.
    func run() async throws {
        try ResidueCheck(path: path, erased: Set(ledger.forgotten.map(Shop.erasable))).run()
        var answers: [Findings] = []
        do {
            let directory = try await open()
            guard let audience = directory.audiences.first(where: { $0.id == Shop.audience }) else {
                guard !ledger.isCreated else { throw Violation("the audience is gone") }
                try await makeAgain(in: directory)
                return
            }
            answers.append(try await Findings(of: audience))
            try await handInAgain(to: audience)
            try await directory.close()
        }
        do {
            let directory = try await open()
            let audience = try directory.audience(Shop.audience)
            try await audience.workOffErasures()
            answers.append(try await Findings(of: audience))
            try await directory.close()
        }
        let events = try LedgerCheck(ledger: ledger, events: try storedEvents()).run()
        try ResidueCheck(path: path, erased: Set(events.erasures.keys.map(\.text))).run()
        for answer in answers { try AnswerCheck(answer, ledger: ledger, events: events).run() }
        try checkRecipientFiles(answers[0].lists.count)
    }

    private static let mapSizeBytes = 64 << 20

    private func open() async throws -> DataDirectory {
        try await DataDirectory.open(
            path: path, configuration: AudienceConfiguration(mapSizeBytes: Self.mapSizeBytes, threads: 1), clock: clock)
    }

    /// What was cut short can be done again.
    private func makeAgain(in directory: DataDirectory) async throws {
        let settings = AudienceSettings(
            name: "Shop", timezone: "UTC", currency: "EUR", visibilityDelayMicroseconds: 0)
        let audience = try await directory.create(id: Shop.audience, settings: settings)
        let receipt = try await audience.ingest(Shop.batch(lane: 0, first: 1, count: 1))
        guard receipt.appended == 1 else { throw Violation("the audience, made again, does not take an event") }
        try await directory.close()
    }

    /// What was acknowledged is known, and so is what stands in the log besides; a new event is taken.
    private func handInAgain(to audience: Audience) async throws {
        let events = try audience.storedEvents()
        try checkForgotten(events)
        let stored = Set(events.map { [$0.event.source, $0.event.id] })
        for entry in ledger.lanes.joined() {
            guard case .events(let lane, let first, let count) = entry.step else { continue }
            let batch = Shop.batch(lane: lane, first: first, count: count)
            // What was not answered is sent again by whoever sent it.
            let isStored = try batch.events.first.map { try stored.contains([$0.event.source, $0.event.id]) } ?? false
            guard entry.outcome == .acknowledged || entry.outcome == .doubtful && isStored else { continue }
            let receipt = try await audience.ingest(batch)
            guard receipt.duplicates == count, receipt.appended == 0, receipt.problems.isEmpty else {
                throw Violation(
                    "events \(first) to \(first + count - 1) of lane \(lane), handed in again: \(receipt.appended) "
                        + "appended, \(receipt.duplicates) duplicates, \(receipt.problems.count) problems")
            }
        }
        let receipt = try await audience.ingest(Shop.batch(lane: Self.ownLane, first: 1, count: 1))
        guard receipt.appended == 1 else { throw Violation("a new event is not taken: \(receipt.problems)") }
        try await audience.tick()
    }

    private func checkForgotten(_ events: [LoggedEvent]) throws {
        let forgotten = Set(ledger.forgotten.map { Identifier(Shop.erasable($0)) })
        for event in events {
            guard let contact = event.event.fact.contact, forgotten.contains(contact) else { continue }
            throw Violation("an answered pass has left event \(event.sequence) of \(contact)")
        }
    }

    /// The lane of the event that a check adds.
    static let ownLane = 99

    private func storedEvents() throws -> [LoggedEvent] {
        let log = try EventLog(directory: path + "/audiences/" + Shop.audience, mapSizeBytes: Self.mapSizeBytes)
        var events: [LoggedEvent] = []
        while true {
            let more = try log.read(from: UInt64(events.count + 1), countMax: 10_000)
            guard !more.isEmpty else { break }
            events += more
        }
        try log.close()
        return events
    }

    private func checkRecipientFiles(_ lists: Int) throws {
        let sent = path + "/audiences/\(Shop.audience)/sent"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: sent)) ?? []
        guard files.count == lists else { throw Violation("\(files.count) recipient files for \(lists) lists") }
    }
}

/// A clock that stands still.
private struct StandingClock: AudienceClock {
    let instant: Instant

    func now() -> Instant { instant }
}

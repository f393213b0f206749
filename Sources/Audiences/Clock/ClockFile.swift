internal import EventLog
internal import LMDB
internal import SegmentModel

/// The file `clock` of a data directory: what is known of the system's clock, for the next process.
///
/// Derived: without it the next start believes the clock.
public struct ClockFile: Sendable {
    private let path: String

    /// - Parameter directory: the data directory.
    public init(directory: String) {
        path = directory + "/clock"
    }

    /// What was kept; nil if there is nothing that can be read.
    public func read() -> ClockMemory? {
        FileText.read(path).flatMap { ClockMemory($0) }
    }

    /// Keeps it durably: two syncs.
    public func write(_ memory: ClockMemory) throws(AudienceError) {
        do {
            try FileText.write(memory.text, to: path, .system)
        } catch {
            throw AudienceError(error)
        }
    }
}

extension ClockMemory {
    private static let head = "segmentd clock, format 1"
    /// Microseconds that an instant can be away from another: sums of a few cannot overflow.
    private static let plausible = -Instant.latest.microseconds * 2...Instant.latest.microseconds * 2

    /// The file's text: a line for what it is, then one `name value` each.
    var text: String {
        var lines = [
            Self.head, "boot \(boot)", "elapsed \(elapsed)", "line \(line)", "good \(good)", "steady \(steadySince)",
            "highest \(highest)", "awaiting \(isAwaitingBoot)", "clean \(isClean)",
        ]
        if let heldSince { lines.append("held \(heldSince)") }
        if let accepted { lines.append("accepted \(accepted.from) \(accepted.to)") }
        return lines.joined(separator: "\n") + "\n"
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard text.hasSuffix("\n"), lines.first.map(String.init) == Self.head else { return nil }
        let pairs = lines.dropFirst().map { line in
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        let values = Dictionary(pairs, uniquingKeysWith: { $1 })
        func number(_ name: String) -> Int64? {
            values[name].flatMap { Int64($0) }.flatMap { Self.plausible.contains($0) ? $0 : nil }
        }
        func instant(_ name: String) -> Instant? { values[name].flatMap { try? Instant(rfc3339: $0) } }
        guard let boot = values["boot"], let elapsed = number("elapsed"), let line = number("line"),
            let good = number("good"), let steady = number("steady"), let highest = instant("highest")
        else { return nil }
        self.init(beginningAt: ClockReading(wall: highest, elapsedMicroseconds: elapsed, boot: boot))
        (self.line, self.good, steadySince) = (line, good, steady)
        isAwaitingBoot = values["awaiting"] == "true"
        isClean = values["clean"] == "true"
        heldSince = instant("held")
        let jump = (values["accepted"] ?? "").split(separator: " ").map { try? Instant(rfc3339: String($0)) }
        if jump.count == 2, let from = jump[0], let to = jump[1] { accepted = AcceptedJump(from: from, to: to) }
    }
}

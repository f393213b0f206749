import ArgumentParser
import Audiences
import EventLog
import Glibc
import SegmentModel

/// `segment-replay salvage`: what is sound of a damaged data directory, in a new one.
struct SalvageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salvage",
        abstract: "Saves every sound event and definition of a damaged data directory into a new one.",
        discussion: """
            The damaged directory is only read; refused while a daemon has it open. Every record carries a checksum, so it is
            known of each whether it is what was written. The new directory is a valid one: check it with verify, then start
            a daemon on it.

            Events keep the instants at which they were recorded and become visible. Where some are lost in the middle, those
            after them get lower sequences, and the report says so: sequences have no gaps.

            Prefer a backup, and let the sources send again what came since: nothing is missing then. What is lost here is
            reported by its sequences and, as far as the index still knows, by source and id: a source that sends those
            events again makes them whole.

              segment-replay salvage /var/lib/segmentd.damaged --to /var/lib/segmentd
              segment-replay salvage /var/lib/segmentd.damaged --to /mnt/saved --json > report.json

            Ends with status 0 if nothing was lost, 1 if something was, 65 if an audience could not be saved at all.
            """)

    @Argument(help: ArgumentHelp("The damaged data directory.", valueName: "dir"), completion: .directory)
    var directory: String

    @Option(help: ArgumentHelp("The new directory; nothing may be there.", valueName: "dir"), completion: .directory)
    var to: String

    @Flag(help: "Write the report as JSON.")
    var json = false

    /// Something was lost.
    private static let incomplete: Int32 = 1

    func run() async throws {
        try await VerifyCommand.reporting {
            let salvage = try DirectorySalvage(from: directory, to: to)
            let found = salvage.audiences.map { salvage.save($0) }
            StandardOutput.write(json ? SalvageText.json(found) : SalvageText.text(found, to))
            if found.contains(where: { $0.failure != nil }) { throw ExitCode(ReplayFailure.badInput) }
            if found.contains(where: { !$0.isComplete }) { throw ExitCode(Self.incomplete) }
        }
    }
}

/// What was saved, for people and for programs.
enum SalvageText {
    /// Lost events that are listed for people; all that are known are in the JSON.
    private static let listedMax = 100

    static func text(_ found: [AudienceSalvage], _ directory: String) -> String {
        var text = "\(directory): \(found.count) audiences\n"
        for audience in found {
            text += "\n\(audience.id): \(audience.isComplete ? "nothing is lost" : "SOMETHING IS LOST")\n"
            text += lines(of: audience).map { "  \($0)\n" }.joined()
        }
        return text
    }

    private static func lines(of audience: AudienceSalvage) -> [String] {
        if let failure = audience.failure { return ["Nothing was saved: \(failure)"] }
        let log = audience.log
        var lines = [
            "\(log.eventCount) events, \(audience.definitionsKept) definitions and \(audience.recipientLists) recipient "
                + "lists were saved."
        ]
        if !log.lostSequences.isEmpty {
            let ranges = log.lostSequences.map(text).joined(separator: ", ")
            lines.append("\(log.lostCount) events are lost: \(ranges).")
        }
        if log.isRenumbered {
            lines.append("EVENTS AFTER THE FIRST LOST ONE HAVE LOWER SEQUENCES than in the damaged directory.")
        }
        for event in log.lostEvents.prefix(listedMax) {
            lines.append("  event \(event.sequence): id “\(event.id)” of source “\(event.source)”")
        }
        if log.lostEvents.count > listedMax { lines.append("  and more; --json lists them") }
        let numbers = log.lostDefinitions.map(String.init).joined(separator: ", ")
        if !numbers.isEmpty { lines.append("Definitions that are lost: \(numbers).") }
        lines += audience.definitionsDropped.map { "Left out: \($0)" }
        lines += audience.lostLists.map { "The recipient list of “\($0)” cannot be read any more." }
        return lines + log.damages.map { "Found: \($0)" }
    }

    private static func text(_ range: ClosedRange<UInt64>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    static func json(_ found: [AudienceSalvage]) -> String {
        let audiences = found.map { audience in
            let log = audience.log
            return JSONValue.object([
                .init("id", .string(audience.id)), .init("complete", .bool(audience.isComplete)),
                .init("failure", audience.failure.map { .string($0) } ?? .null),
                .init("events", .number(String(log.eventCount))),
                .init("renumbered", .bool(log.isRenumbered)),
                .init("lostSequences", .array(log.lostSequences.map(range))),
                .init("lostEvents", .array(log.lostEvents.map(event))),
                .init("definitions", .number(String(audience.definitionsKept))),
                .init("lostDefinitions", .array(log.lostDefinitions.map { .number(String($0)) })),
                .init("droppedDefinitions", .array(audience.definitionsDropped.map { .string($0) })),
                .init("recipientLists", .number(String(audience.recipientLists))),
                .init("lostLists", .array(audience.lostLists.map { .string($0) })),
                .init("found", .array(log.damages.map { .string($0) })),
            ])
        }
        return JSONValue.object([.init("audiences", .array(audiences))]).text + "\n"
    }

    private static func range(_ range: ClosedRange<UInt64>) -> JSONValue {
        .array([.number(String(range.lowerBound)), .number(String(range.upperBound))])
    }

    private static func event(_ event: SalvagedLog.LostEvent) -> JSONValue {
        .object([
            .init("sequence", .number(String(event.sequence))), .init("source", .string(event.source)),
            .init("id", .string(event.id)),
        ])
    }
}

import ArgumentParser
import Audiences
import Glibc
import SegmentModel

/// `segment-replay evaluate`: members of given definitions at given instants.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Says who is in which segment at the instants asked for.",
        discussion: """
            Events go through the same admission, log, fold and engine as in the daemon, on a virtual clock: an event is
            recorded when it occurred and visible after the delay. Prints one JSON line per instant and segment:

              {"asOf":"2026-06-30T12:00:00Z","segment":"Buyers","count":812}

            The segments file is a JSON array of {"name", "where"}; a {"segment": NAME} inside refers by name.
            Rejected lines are reported on standard error and do not stop the others.

            Example: everyone in two definitions at the turn of two years, with the members themselves

              segment-replay evaluate --events shop.ndjson --segments segments.json --members \\
                  --as-of 2025-01-01T00:00:00Z --as-of 2026-01-01T00:00:00Z --timezone Europe/Paris --currency EUR
            """)

    @Option(help: ArgumentHelp("Events as NDJSON CloudEvents; - reads standard input.", valueName: "file"))
    var events: String

    @Option(help: ArgumentHelp("Definitions: a JSON array of {\"name\", \"where\"}.", valueName: "file"))
    var segments: String

    @Option(
        name: .customLong("as-of"), parsing: .singleValue,
        help: ArgumentHelp("An instant to answer for, RFC 3339 with offset; may be repeated.", valueName: "instant"))
    var asOf: [String]

    @Option(help: ArgumentHelp("IANA time zone of calendar steps and days.", valueName: "zone"))
    var timezone = "UTC"

    @Option(help: ArgumentHelp("Currency of conditions that name none.", valueName: "code"))
    var currency = "USD"

    @Option(help: ArgumentHelp("How long an event waits until it counts, such as PT2H.", valueName: "period"))
    var visibilityDelay = "PT0S"

    @Option(help: "What answers: the plain evaluator over all visible events, or the daemon's engine.")
    var engine = EngineChoice.incremental

    @Option(
        name: .customLong("field"), parsing: .singleValue,
        help: ArgumentHelp(
            "Declares a custom field: text, number, boolean, date, instant, list.", valueName: "name=type"))
    var fields: [String] = []

    @Flag(help: "Lists the members' ids, sorted by their bytes.")
    var members = false

    @Flag(help: "Ends with status 65 if a line was rejected.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Keeps the log in this directory, made if missing; without it a temporary one is used.", valueName: "dir"))
    var data: String?

    /// Which evaluator answers.
    enum EngineChoice: String, ExpressibleByArgument, CaseIterable {
        case reference, incremental
    }

    func run() async throws {
        do {
            let evaluation = OfflineEvaluation(
                settings: try settings(), definitions: try SegmentFile.read(segments), questions: try questions())
            let place: OfflineEvaluation.Place = if let data { .kept(data) } else { .scratch(try ScratchDirectory()) }
            let rejected = try await evaluation.run(events: events, in: place, engine: engine, listsMembers: members)
            if strict && rejected > 0 { throw ExitCode(ReplayFailure.badInput) }
        } catch let failure as ReplayFailure {
            StandardError.write("segment-replay: \(failure.message)\n")
            throw ExitCode(failure.status)
        } catch let error as AudienceError {
            StandardError.write("segment-replay: \(error.message)\n")
            throw ExitCode(ReplayFailure.badInput)
        }
    }

    private func questions() throws -> [OfflineEvaluation.Question] {
        guard !asOf.isEmpty else { throw ReplayFailure("Give at least one instant with --as-of.") }
        return try asOf.map { text in
            do throws(ValueError) {
                return OfflineEvaluation.Question(text: text, instant: try Instant(rfc3339: text))
            } catch {
                throw ReplayFailure("--as-of \(text): \(error.message)")
            }
        }
    }

    private func settings() throws -> AudienceSettings {
        guard let delay = Delay.microseconds(visibilityDelay) else {
            throw ReplayFailure("--visibility-delay \(visibilityDelay): expected a period such as PT2H or PT0S.")
        }
        var types: [Identifier: FieldType] = [:]
        for declaration in fields {
            let parts = declaration.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let type = FieldType(rawValue: parts[1]) else {
                let known = FieldType.allCases.map(\.rawValue).joined(separator: ", ")
                throw ReplayFailure("--field \(declaration): expected NAME=TYPE, with one of the types \(known).")
            }
            types[Identifier(parts[0])] = type
        }
        return AudienceSettings(
            name: "replay", timezone: timezone, currency: currency, visibilityDelayMicroseconds: delay,
            fieldTypes: types)
    }
}

/// Periods of exact length, as the visibility delay needs.
enum Delay {
    /// The microseconds of an ISO 8601 period of days (of 24 hours), hours, minutes and seconds; nil if it is none.
    static func microseconds(_ text: String) -> Int64? {
        if ["PT0S", "PT0M", "PT0H", "P0D"].contains(text) { return 0 }
        guard let period = try? Period(iso8601: text), period.years == 0, period.months == 0 else { return nil }
        return period.exactMicroseconds + Int64(period.weeks * 7 + period.days) * 86_400_000_000
    }
}

import ArgumentParser
import Audiences
import SegmentModel

/// `segment-bench engine`: every measure of the engine over a log.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Measures the engine over a log that `segment-bench log` made.",
        discussion: """
            The log is copied first and stays as it is. Prints a table of medians on standard output, progress on
            standard error. Ends with status 1 if a result is wrong, never because something was slow.

              segment-bench engine --workload DIR --log LOG --segments segments.json --only rebuild --only latency
            """)

    @OptionGroup var options: EngineOptions

    @Option(help: ArgumentHelp("Also writes the figures to this file, as JSON.", valueName: "file"))
    var json: String?

    func run() async throws {
        try await reportingFailures {
            let workload = try Workload(options.workload)
            let copy = try WorkingCopy(of: options.log)
            defer { copy.remove() }
            var run = EngineRun(
                session: try Session(options: options, workload: workload, copy: copy), options: options)
            try await run.measure()
            Output.write(run.report.table)
            if let json { try Files.write(run.report.json.text + "\n", to: json) }
        }
    }
}

/// What to measure, and with what.
struct EngineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The workload's directory.", valueName: "dir"))
    var workload: String

    @Option(help: ArgumentHelp("The log, made by `segment-bench log` from the same workload.", valueName: "dir"))
    var log: String

    @Option(help: ArgumentHelp("Definitions: a JSON array of {\"name\", \"where\"}.", valueName: "file"))
    var segments: String

    @Option(help: ArgumentHelp("Definitions that are not saved, to review.", valueName: "file"))
    var reviews: String?

    @Option(parsing: .singleValue, help: "Leaves out all other measures; may be repeated.")
    var only: [Measure] = []

    @Option(help: ArgumentHelp("How often what can be repeated is repeated.", valueName: "n"))
    var rounds = 5

    @Option(help: ArgumentHelp("Batches of new events whose latency is measured.", valueName: "n"))
    var ticks = 200

    @Option(help: ArgumentHelp("Batches of new events sent at full speed.", valueName: "n"))
    var liveTicks = 1_000

    @Option(help: ArgumentHelp("Threads of the engine.", valueName: "n"))
    var threads = AudienceConfiguration.processorCount

    @Option(
        help: ArgumentHelp("The instant of the measures, RFC 3339; not before the log's end.", valueName: "instant"),
        transform: { try Instant(rfc3339: $0) })
    var at = Instant(microseconds: 1_780_272_000_000_000)

    @Option(help: ArgumentHelp("Currency of conditions that name none.", valueName: "code"))
    var currency = "USD"

    func validate() throws {
        guard rounds > 0, ticks > 0, liveTicks > 0, threads > 0 else {
            throw ValidationError("--rounds, --ticks, --live-ticks and --threads are at least 1.")
        }
    }
}

/// What can be measured.
enum Measure: String, CaseIterable, ExpressibleByArgument {
    case size, rebuild, members, latency, memory, review, save, live, midnight, start, heavy
}

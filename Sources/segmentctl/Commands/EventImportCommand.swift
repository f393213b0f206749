import ArgumentParser
import ControlAPI
import ControlClient

struct EventImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Hand in events from a file: one CloudEvents object per line.",
        discussion: """
            Good lines are taken, bad ones are reported with their number, and the command then ends with exit code 1. \
            A line that was handed in before is a duplicate and does no harm, so an import that ended early is simply \
            run again. Ctrl-C finishes the request under way; a second one ends at once.

              segmentctl event import orders.ndjson
              zstdcat orders.ndjson.zst | segmentctl event import - --audience shop
              segmentctl event import orders.ndjson --problems rejected.ndjson
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "The file; - is standard input.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("Write every line that was not taken there, as one JSON object each.", valueName: "file"),
        completion: .file())
    var problems: String?

    @Flag(inversion: .prefixedNo, help: "Show how it goes on. Without either flag: on a terminal only.")
    var progress: Bool?

    func run() async throws {
        let audience = try await options.audienceID()
        Interrupt.listen()
        let client = options.client
        let work = try EventImport(path: file, isInterrupted: { Interrupt.isRequested }) { chunk in
            try await client.answer(to: .append(.bytes(chunk.bytes), to: audience, firstLine: chunk.firstLine))
        }
        let report = try ProblemReport(path: problems)
        var shown = ImportProgress(mode: progressMode, output: .error, size: work.size)
        let (summary, ending) = await work.run { summary, receipt in
            try report.keep(receipt.problems)
            shown.show(summary)
        }
        shown.clear()
        try write(summary, seconds: shown.seconds)
        try finish(summary, ending)
    }

    private var progressMode: ImportProgress.Mode {
        let isTerminal = Output.error.isTerminal
        return progress ?? isTerminal ? (isTerminal ? .rewritten : .logged) : .none
    }

    private func write(_ summary: ImportSummary, seconds: Double) throws {
        if !options.connection.json { try Output.error.write(ProblemReport.text(of: summary, file: problems)) }
        try options.connection.show(summary.total) { summary.text(seconds: seconds) }
    }

    private func finish(_ summary: ImportSummary, _ ending: EventImport.Ending) throws {
        switch ending {
        case .complete:
            if summary.notTaken > 0 { throw ExitCode.no }
        case .interrupted:
            throw Failure("interrupted.", hints: [summary.resumeHint], exitCode: .interrupted)
        case .failed(let error as ControlClientError):
            let failure = Failure(error)
            throw Failure(
                failure.message, hints: failure.hints + [summary.resumeHint], exitCode: failure.exitCode)
        case .failed(let error):
            throw error
        }
    }
}

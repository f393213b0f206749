import ArgumentParser
import ControlAPI
import ControlClient

struct EventImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Hand in events from a file: events as they are, CSV, or what shops send.",
        discussion: """
            Good lines are taken, bad ones are reported with their number, and the command then ends with exit code 1. \
            A line that was handed in before is a duplicate and does no harm, so an import that ended early is simply \
            run again. Ctrl-C finishes the request under way; a second one ends at once. With --dry-run nothing is \
            stored: it says what would be, and what would be rejected.

            FORMATS
              ndjson                one CloudEvents object per line
              csv                   contacts or orders, read as a mapping says
              shopify-order         orders and customers as Shopify's webhooks and
              shopify-customer      Admin REST API send them
              woocommerce-order     the same of WooCommerce
              woocommerce-customer
            What shops send is one JSON object after the other, a list, or a list in a wrapper such as {"orders": […]}. \
            Events made of a file have ids that follow from what it says: handing in the same file again brings \
            duplicates only, and what has changed in it brings new events.

            EXAMPLES
              segmentctl event import events.ndjson
              zstdcat events.ndjson.zst | segmentctl event import - --audience shop
              segmentctl event import events.ndjson --problems rejected.ndjson

              segmentctl event mapping orders.csv > orders.mapping.json
              segmentctl event import orders.csv --mapping orders.mapping.json --dry-run
              segmentctl event import orders.csv --mapping orders.mapping.json
              segmentctl event import people.csv --mapping people.mapping.json \\
                  --as-of 2026-03-01T09:00:00Z

              segmentctl event import orders.json --format shopify-order \\
                  --source shop.example.com --connect
              segmentctl event import customers.json --format woocommerce-customer \\
                  --contact id
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "The file; - is standard input.", completion: .file())
    var file: String

    @OptionGroup(title: "Formats") var form: ImportOptions

    @Flag(help: "Store nothing; say what would become of the events.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Write every line that was not taken there, as one JSON object each.", valueName: "file"),
        completion: .file())
    var problems: String?

    @Flag(inversion: .prefixedNo, help: "Show how it goes on. Without either flag: on a terminal only.")
    var progress: Bool?

    func run() async throws {
        let conversion = try form.conversion()
        let audience = try await options.audienceID()
        Interrupt.listen()
        let client = options.client
        let work = try EventImport(path: file, isInterrupted: { Interrupt.isRequested }) { [dryRun] chunk in
            let firstLine = chunk.conversion == nil ? chunk.firstLine : nil
            return try await client.answer(
                to: .append(.bytes(chunk.bytes), to: audience, firstLine: firstLine, dryRun: dryRun))
        }
        let report = try ProblemReport(path: problems)
        var shown = ImportProgress(mode: progressMode, output: .error, size: work.size)
        let (summary, ending) = await work.run(
            converting: conversion, firstLine: form.fromLine, isDryRun: dryRun
        ) { summary, receipt in
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

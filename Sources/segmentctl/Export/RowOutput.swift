import ArgumentParser
import ControlAPI
import ControlClient

/// Where rows go, and in which format.
struct RowOutputOptions: ParsableArguments {
    @Option(help: "csv or ndjson.", completion: .list(RowFormat.allCases.map(\.rawValue)), transform: Self.format)
    var format = RowFormat.csv

    @Option(help: ArgumentHelp("Write there instead of to standard output.", valueName: "file"), completion: .file())
    var output: String?

    @Flag(inversion: .prefixedNo, help: "Show how it goes on. Without either flag: on a terminal only.")
    var progress: Bool?

    private static func format(_ argument: String) throws -> RowFormat {
        guard let format = RowFormat(rawValue: argument) else {
            throw ValidationError("--format takes csv or ndjson.")
        }
        return format
    }

    /// What is said of it, the format of `--json` included.
    func output(_ noun: String, json: Bool) -> RowOutput {
        // Rows on the same terminal would be in the line's way.
        let isShown = progress ?? (Output.error.isTerminal && (output != nil || !Output.standard.isTerminal))
        return RowOutput(path: output, format: json ? .ndjson : format, noun: noun, showsProgress: isShown)
    }
}

/// Takes a stream of rows to a file or to standard output.
struct RowOutput: Sendable {
    let path: String?
    let format: RowFormat
    /// What a row is: `member`, `recipient`.
    let noun: String
    let showsProgress: Bool

    /// Hands `receive` to whoever asks the daemon; ends tidily at Ctrl-C.
    func run(_ ask: @escaping @Sendable (RowOutput) async throws -> Void) async throws {
        try await Interrupt.cancelling { try await ask(self) }
    }

    /// Writes all rows; a file has its name only when the last of them is on disk.
    func receive(_ stream: RowStream) async throws {
        let file = try path.map { path throws(Failure) in try PendingFile(path: path) }
        let target = file?.output ?? .standard
        var progress = RowProgress(isShown: showsProgress, count: stream.count, noun: noun)
        defer { progress.clear() }
        try await stream.forEachPiece { piece, rows in
            try target.write(piece)
            progress.show(rows: rows, moreBytes: piece.count)
        }
        guard let file else { return }
        try file.finish()
        progress.clear()
        let rows = stream.count.map { Quantities.count($0, noun) } ?? "The \(noun)s"
        let frontier = stream.frontier ?? "an unknown frontier"
        try Output.error.write(line: TextWidth.printable("\(rows) at \(frontier) written to \(file.path)."))
    }
}

/// How a stream of rows goes on.
struct RowProgress {
    let isShown: Bool
    let count: Int?
    let noun: String
    private var bytes = 0
    private var lastShown = ContinuousClock.now
    private var hasShown = false

    private static let interval = Duration.milliseconds(100)

    init(isShown: Bool, count: Int?, noun: String) {
        self.isShown = isShown
        self.count = count
        self.noun = noun
    }

    /// Shows the state if it is time to.
    mutating func show(rows: Int, moreBytes: Int) {
        bytes += moreBytes
        guard isShown, ContinuousClock.now - lastShown >= Self.interval else { return }
        lastShown = .now
        hasShown = true
        ProgressLine(output: .error).show(line(rows: rows))
    }

    /// Takes the line away again.
    mutating func clear() {
        if hasShown { ProgressLine(output: .error).clear() }
        hasShown = false
    }

    /// `[########------------]  42.0 %  420,000 of 1,000,000 members  12.3 MB`
    func line(rows: Int) -> String {
        guard let count, count > 0 else { return "\(Quantities.count(rows, noun))  \(Quantities.bytes(bytes))" }
        let share = min(1, Double(rows) / Double(count))
        return ProgressLine.bar(share) + "  " + Quantities.percent(share) + "  \(Quantities.grouped(rows)) of "
            + "\(Quantities.count(count, noun))  \(Quantities.bytes(bytes))"
    }
}

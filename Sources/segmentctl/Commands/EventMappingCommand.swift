import ArgumentParser
import Imports
import SegmentModel

struct EventMappingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping",
        abstract: "Propose a mapping for a CSV file, from its header and first rows.",
        discussion: """
            The proposal is written to standard output, what is to be checked in it to standard error. Correct it, try it \
            with --dry-run, then import. No daemon is needed.

              segmentctl event mapping orders.csv > orders.mapping.json
              segmentctl event import orders.csv --mapping orders.mapping.json --dry-run
            """)

    @Argument(help: "The file.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "What a row is: contact, order, or line of an order. Without it: guessed.")
    var rows: Mapping.Rows?

    @Option(help: "The source that the events are to have (default: the file's name).")
    var source: String?

    private static let beginningBytesMax = 262_144

    func run() throws {
        let proposal: MappingProposal
        do {
            proposal = try MappingProposal(beginning: try beginning(), source: source ?? name, rows: rows)
        } catch let error as ImportError {
            throw Failure(error)
        }
        try Output.error.write(proposal.notes.map { TextWidth.printable($0) + "\n" }.joined())
        try Output.standard.write(line: proposal.json.prettyText)
    }

    /// The file's name without directory and ending.
    private var name: String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        return last.split(separator: ".").first.map(String.init) ?? last
    }

    private func beginning() throws(Failure) -> [UInt8] {
        let source = try InputSource(path: file, isStopped: { false })
        defer { source.close() }
        var chunker = LineChunker(bytesMax: Self.beginningBytesMax)
        let chunk = try chunker.next { (buffer) throws(Failure) in try source.read(into: buffer) }
        return chunk?.bytes ?? []
    }
}

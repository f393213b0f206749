import ArgumentParser
import ControlAPI
import ControlClient
import Glibc

struct SegmentMembersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List a segment's members in the order of their ids, a page at a time.",
        discussion: """
              segmentctl segment members s3 --limit 20
              segmentctl segment members s3 --after customer-17
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument
    @OptionGroup var page: PageOptions

    func run() async throws {
        let audience = try await options.audienceID()
        let call = ControlCall.members(of: argument.segment, in: audience, limit: page.limit, after: page.after)
        try await options.connection.show(call) { answer in
            answer.members.reduce("") { $0 + TextWidth.printable($1) + "\n" }
                + PageOptions.footer(
                    shown: answer.members.count, of: answer.count, "member", frontier: answer.frontier,
                    next: answer.next)
        }
    }
}

struct SegmentExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all members of a segment as CSV or NDJSON.",
        discussion: """
            With --output the file appears under its name only when it is complete.

              segmentctl segment export s3 > members.csv
              segmentctl segment export VIP --format ndjson --output vip.ndjson
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    @Option(help: "csv or ndjson.", completion: .list(MemberFormat.allCases.map(\.rawValue)), transform: Self.format)
    var format = MemberFormat.csv

    @Option(help: ArgumentHelp("Write there instead of to standard output.", valueName: "file"), completion: .file())
    var output: String?

    private static func format(_ argument: String) throws -> MemberFormat {
        guard let format = MemberFormat(rawValue: argument) else {
            throw ValidationError("--format takes csv or ndjson.")
        }
        return format
    }

    func run() async throws {
        let audience = try await options.audienceID()
        let file = try output.map { path throws(Failure) in try PendingFile(path: path) }
        let target = file?.output ?? .standard
        let format = options.connection.json ? .ndjson : format
        let (count, frontier) = try await options.client.withMembers(
            of: argument.segment, in: audience, format: format
        ) { stream in
            try await stream.forEachPiece { try target.write($0) }
            return (stream.count, stream.frontier)
        }
        guard let file else { return }
        try file.finish()
        let members = count.map { Quantities.count($0, "member") } ?? "The members"
        try Output.error.write(line: "\(members) at \(frontier ?? "an unknown frontier") written to \(file.path).")
    }
}

/// A file that gets its name when it is complete.
final class PendingFile {
    let path: String
    let output: Output
    private let pendingPath: String
    private var isFinished = false

    init(path: String) throws(Failure) {
        self.path = path
        pendingPath = path + ".part"
        let descriptor = open(pendingPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("cannot write \(pendingPath): \(systemMessage(errno)).", exitCode: .ioError)
        }
        output = Output(descriptor: descriptor)
    }

    deinit {
        close(output.descriptor)
        if !isFinished { unlink(pendingPath) }
    }

    /// Syncs the file and gives it its name; one that stood there is replaced.
    func finish() throws(Failure) {
        guard fsync(output.descriptor) == 0, rename(pendingPath, path) == 0 else {
            throw Failure("cannot write \(path): \(systemMessage(errno)).", exitCode: .ioError)
        }
        isFinished = true
    }
}

import ArgumentParser
import Audiences
import Glibc
import SegmentModel

/// `segment-replay verify`: whether a data directory or a backup is sound.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads a data directory or a backup and says whether all of it is sound.",
        discussion: """
            Works without a daemon and writes nothing into the directory; refused while a daemon has it open. Checked are
            every page and checksum, that sequences have no gaps and instants never fall, that events, definitions and
            recipient lists can be read, and that the index and the view are what the log makes of them: both are made
            once more, in a temporary directory ($TMPDIR), and compared.

            Prints the segments with a digest of their members as of the instant at which the last event is visible. Equal
            logs give equal digests, so that a backup can be compared with where it came from.

              segment-replay verify /var/backups/segmentd/nightly-2026-01-31
              segment-replay verify /var/lib/segmentd --json | jq '.audiences[].problems'

            Ends with status 0 if everything is sound, 65 if not, 69 if a daemon has the directory open.
            """)

    @Argument(help: ArgumentHelp("A data directory or a backup.", valueName: "dir"), completion: .directory)
    var directory: String

    @Flag(help: "Write the findings as JSON.")
    var json = false

    func run() async throws {
        try await Self.reporting {
            let scratch = try ScratchDirectory()
            defer { scratch.removeTree() }
            let verifier = try DirectoryVerifier(path: directory, scratch: scratch.path)
            var found: [StoredAudienceReport] = []
            for id in verifier.audiences {
                found.append(try verifier.verify(id) { VerificationText.progress($0) })
            }
            VerificationText.endProgress()
            StandardOutput.write(
                json
                    ? VerificationText.json(found)
                    : VerificationText.text(found, directory, isBackup: verifier.isBackup))
            guard found.allSatisfy(\.isSound) else { throw ExitCode(ReplayFailure.badInput) }
        }
    }

    /// Runs a command's work; says on standard error why it fails.
    static func reporting(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let failure as ReplayFailure {
            StandardError.write("segment-replay: \(failure.message)\n")
            throw ExitCode(failure.status)
        } catch let error as AudienceError {
            StandardError.write("segment-replay: \(error.message)\n")
            throw ExitCode(error.code == .directoryInUse ? ReplayFailure.unavailable : ReplayFailure.badInput)
        }
    }
}

/// What a verification found, for people and for programs.
enum VerificationText {
    static func text(_ found: [StoredAudienceReport], _ directory: String, isBackup: Bool) -> String {
        var text = "\(directory): \(isBackup ? "a backup" : "a data directory"), \(found.count) audiences\n"
        for audience in found {
            text += "\n\(audience.id): \(audience.isSound ? "sound" : "DAMAGED")\n"
            for problem in audience.problems { text += "  \(problem)\n" }
            text += lines([
                ("events", "\(audience.lastSequence)"), ("definitions", "\(audience.definitions)"),
                ("digest", audience.digest), ("recipient lists", "\(audience.recipientLists)"),
                ("index", audience.index.text), ("view", audience.view.text), ("contacts", "\(audience.contacts)"),
                ("as of", audience.asOf.description),
            ])
            text += segments(audience.segments)
        }
        return text
    }

    private static func lines(_ facts: [(String, String)]) -> String {
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { label, value in
            "  " + label + String(repeating: " ", count: width - label.count) + "  " + value + "\n"
        }.joined()
    }

    private static func segments(_ segments: [SegmentVerification]) -> String {
        guard !segments.isEmpty else { return "" }
        let counts = ["MEMBERS"] + segments.map { String($0.count) }
        let width = counts.map(\.count).max() ?? 0
        let names = ["SEGMENT"] + segments.map { "\($0.segment.name) (\($0.segment.id))" }
        let digests = ["DIGEST  "] + segments.map(\.digest)
        return zip(counts, zip(digests, names)).map { count, rest in
            "  " + String(repeating: " ", count: width - count.count) + count + "  \(rest.0)  \(rest.1)\n"
        }.joined()
    }

    static func json(_ found: [StoredAudienceReport]) -> String {
        let audiences = found.map { audience in
            JSONValue.object([
                .init("id", .string(audience.id)), .init("sound", .bool(audience.isSound)),
                .init("lastSequence", .number(String(audience.lastSequence))),
                .init("definitions", .number(String(audience.definitions))), .init("digest", .string(audience.digest)),
                .init("recipientLists", .number(String(audience.recipientLists))),
                .init("index", .string(audience.index.text)), .init("view", .string(audience.view.text)),
                .init("contacts", .number(String(audience.contacts))),
                .init("asOf", .string(audience.asOf.description)),
                .init("problems", .array(audience.problems.map { .string($0) })),
                .init("segments", .array(audience.segments.map(segment))),
            ])
        }
        return JSONValue.object([
            .init("sound", .bool(found.allSatisfy(\.isSound))), .init("audiences", .array(audiences)),
        ]).text + "\n"
    }

    private static func segment(_ segment: SegmentVerification) -> JSONValue {
        .object([
            .init("id", .string(segment.segment.id)), .init("name", .string(segment.segment.name)),
            .init("count", .number(String(segment.count))), .init("digest", .string(segment.digest)),
        ])
    }

    /// One line on a terminal that is rewritten; nothing elsewhere.
    static func progress(_ progress: VerificationProgress) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        StandardError.write("\r\(progress.audience): \(progress.step), event \(progress.events)\u{1B}[K")
    }

    static func endProgress() {
        guard isatty(STDERR_FILENO) == 1 else { return }
        StandardError.write("\r\u{1B}[K")
    }
}

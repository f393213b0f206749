import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentRevisionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revision",
        abstract: "List, show and compare the revisions of a segment, and bring one back.",
        discussion: """
            Each edit makes a new revision; none is ever lost while the segment is there.

              segmentctl segment revision list s3
              segmentctl segment revision compare s3 2
              segmentctl segment revision restore s3 2
            """,
        subcommands: [List.self, Show.self, Compare.self, Restore.self])

    /// A revision as the argument of a command.
    struct Revision: ParsableArguments {
        @Argument(help: "The revision's number.")
        var revision: Int

        func validate() throws {
            guard revision >= 1 else { throw ValidationError("Revisions are numbered from 1 on.") }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a segment's revisions, the latest first.",
            discussion: "  segmentctl segment revision list \"Lapsed customers\" --limit 10")

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: SegmentArgument

        @Option(help: ArgumentHelp("Show that many; \(Bounds.pageDefault) if absent.", valueName: "count"))
        var limit: Int?

        @Option(help: ArgumentHelp("Show those before this revision.", valueName: "revision"))
        var after: Int?

        func validate() throws {
            guard (1...Bounds.pageMax).contains(limit ?? 1) else {
                throw ValidationError("--limit takes 1 to \(Bounds.pageMax).")
            }
        }

        func run() async throws {
            let audience = try await options.audienceID()
            let call = ControlCall.revisions(of: argument.segment, in: audience, limit: limit, after: after)
            try await options.connection.show(call) { list in
                RevisionText.text(list, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one revision: its condition as a sentence and as JSON.",
            discussion: "  segmentctl segment revision show s3 2")

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: SegmentArgument
        @OptionGroup var number: Revision

        func run() async throws {
            let audience = try await options.audienceID()
            let call = ControlCall.revision(number.revision, of: argument.segment, in: audience)
            try await options.connection.show(call) { RevisionText.text($0, style: Output.standard.style) }
        }
    }

    struct Compare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what sets two revisions apart, in words and in who is in them now.",
            discussion: """
                With one revision: what sets it apart from the present one.

                  segmentctl segment revision compare s3 2
                  segmentctl segment revision compare s3 2 5
                """)

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: SegmentArgument
        @OptionGroup var number: Revision

        @Argument(help: "Another revision; the present one if absent.")
        var other: Int?

        func validate() throws {
            guard other ?? 1 >= 1 else { throw ValidationError("Revisions are numbered from 1 on.") }
        }

        func run() async throws {
            let audience = try await options.audienceID()
            let call = ControlCall.comparison(
                ofRevision: number.revision, with: other, of: argument.segment, in: audience)
            try await options.connection.show(call) { comparison in
                RevisionText.text(comparison, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a revision back: its name, description, condition and mark, as a new revision.",
            discussion: """
                Shows first what would change and asks, as an edit does.

                  segmentctl segment revision restore s3 2
                  segmentctl segment revision restore s3 2 --yes
                """)

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: SegmentArgument
        @OptionGroup var number: Revision

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        func run() async throws {
            let audience = try await options.audienceID()
            let call = try ControlCall.difference(
                of: argument.segment, restoring: number.revision, in: audience)
            let editing = SegmentEditing(connection: options.connection, audience: audience, isConfirmed: yes)
            try await editing.run(call, did: "Restored revision \(number.revision) of") { difference in
                try .restore(
                    number.revision, of: difference.segment.id, RestoreRequest(revision: difference.revision),
                    in: audience)
            }
        }
    }
}

import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete segments, all or none. Their contacts stay.",
        discussion: """
            Asks first; where nobody can be asked, --yes is needed. A segment that others refer to is not deleted, unless \
            they are deleted with it.

              segmentctl segment delete s3
              segmentctl segment delete "Lapsed customers" "Lapsed in France" --yes
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "Ids or names of segments.", completion: .custom(NameCompletion.segments))
    var segments: [String]

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        guard segments.count <= Bounds.deletionSegmentsMax else {
            throw ValidationError("At most \(Bounds.deletionSegmentsMax) segments are deleted at a time.")
        }
    }

    func run() async throws {
        let audience = try await options.audienceID()
        // The ids, so that what is deleted is what was asked about.
        var found: [SegmentAnswer] = []
        for segment in segments {
            let answer = try await options.client.answer(to: .segment(segment, of: audience))
            if !found.contains(where: { $0.id == answer.id }) { found.append(answer) }
        }
        if !yes {
            let labels = found.map { "\($0.id) \"\($0.name)\"" }.joined(separator: ", ")
            try Confirmation.ask(Self.question(found), deed: "deleting \(labels)", refusal: "nothing was deleted.")
        }
        let call = try ControlCall.deleteSegments(found.map(\.id), in: audience)
        try await options.connection.show(call) { Self.text($0) }
    }

    /// `Delete s3 "VIP" with 12 members? The contacts stay.`, or a line for each of several.
    static func question(_ segments: [SegmentAnswer]) -> String {
        func label(_ segment: SegmentAnswer) -> String {
            "\(segment.id) \"\(segment.name)\" with \(Quantities.count(segment.count, "member"))"
        }
        if let only = segments.first, segments.count == 1 { return "Delete \(label(only))? The contacts stay." }
        return "Delete \(Quantities.count(segments.count, "segment")): "
            + segments.map(label).joined(separator: ", ") + "? The contacts stay."
    }

    static func text(_ deletion: DeletionAnswer) -> String {
        deletion.deleted.reduce("") { text, segment in
            text + TextWidth.printable("Deleted \(segment.id) \"\(segment.name)\".") + "\n"
        }
    }
}

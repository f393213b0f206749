import ControlAPI
import SegmentModel

/// Revisions as text.
enum RevisionText {
    static func text(_ list: RevisionList, width: Int?, style: Style) -> String {
        var table = Table([
            .number("REVISION"), .text("SAVED"), .text("NAME", shrinks: true), .text("WHO", shrinks: true),
            .text("NOTE"),
        ])
        for revision in list.revisions {
            table.add([
                String(revision.revision), revision.at, revision.name,
                revision.sentence ?? "has no meaning with today's field types", note(revision),
            ])
        }
        let shown =
            list.revisions.count < list.count ? "\(Quantities.grouped(list.revisions.count)) of " : ""
        let next = list.next.map { "; those before: --after \($0)" } ?? ""
        let label = TextWidth.printable("\(list.segment.name) (\(list.segment.id))")
        return table.text(width: width, style: style)
            + "\n\(shown)\(Quantities.count(list.count, "revision")) of \(label)\(next)\n"
    }

    /// `present, restores 2, for automations`
    private static func note(_ revision: RevisionAnswer) -> String {
        let notes = [
            revision.isPresent ? "present" : nil, revision.restored.map { "restores \($0)" },
            revision.automation ? "for automations" : nil,
        ]
        return notes.compactMap { $0 }.joined(separator: ", ")
    }

    static func text(_ revision: RevisionAnswer, style: Style) -> String {
        var facts = Facts()
        let note = note(revision)
        facts.add("Revision", "\(revision.revision)" + (note.isEmpty ? "" : ", \(note)"))
        facts.add("Name", revision.name)
        facts.add("For", revision.description)
        facts.add("Who", revision.sentence ?? "has no meaning with today's field types")
        facts.add("Saved", revision.at)
        return facts.text(style: style) + "\n" + revision.where.value.prettyText + "\n"
    }

    static func text(_ comparison: RevisionComparisonAnswer, width: Int?, style: Style) -> String {
        let (earlier, later) = (comparison.earlier.revision, comparison.later.revision)
        var facts = Facts()
        facts.add("Segment", "\(comparison.segment.name) (\(comparison.segment.id))")
        facts.add("Revisions", "\(earlier) of \(comparison.earlier.at), \(later) of \(comparison.later.at)")
        if comparison.changes == DefinitionChangesAnswer() {
            facts.add("Definition", "the same in both")
        } else {
            DifferenceText.add(comparison.changes, to: &facts)
        }
        facts.add("Only in \(earlier)", comparison.onlyEarlier.map { DifferenceText.sample($0, width: width) })
        facts.add("Only in \(later)", comparison.onlyLater.map { DifferenceText.sample($0, width: width) })
        facts.add("In both", comparison.both.map { DifferenceText.sample($0, width: width) })
        facts.add("Members", comparison.membersMissing)
        facts.add("Frontier", comparison.frontier)
        return facts.text(style: style)
    }
}

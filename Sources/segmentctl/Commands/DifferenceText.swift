import ControlAPI

/// What edits do, as text.
enum DifferenceText {
    /// Segments that refer to the edited one and are shown.
    private static let referrersShownMax = 20

    /// - Parameter width: of the terminal; samples are cut to it.
    static func text(_ difference: DifferenceAnswer, width: Int?, style: Style) -> String {
        var facts = Facts()
        facts.add(
            "Segment",
            "\(difference.segment.name) (\(difference.segment.id)), now at revision \(difference.revision)")
        add(difference.changes, to: &facts)
        facts.add("Who", difference.sentence)
        let before = difference.leaving.count + difference.staying.count
        let after = difference.entering.count + difference.staying.count
        facts.add(
            "Members",
            "\(Quantities.grouped(before)) → \(Quantities.grouped(after)) of "
                + Quantities.count(difference.contacts, "contact"))
        if difference.entering.count + difference.leaving.count > 0 {
            facts.add("Would enter", sample(difference.entering, width: width))
            facts.add("Would leave", sample(difference.leaving, width: width))
            facts.add("Would stay", sample(difference.staying, width: width))
        } else {
            facts.add("", "nobody would enter or leave")
        }
        add(difference.referrers, to: &facts)
        facts.add("To save", ReviewText.cost(difference.cost))
        facts.add("Frontier", difference.frontier)
        let warnings = ReviewText.warnings(difference.lints, style: style)
        return facts.text(style: style) + (warnings.isEmpty ? "" : "\n" + warnings)
    }

    /// A line for each thing that the definitions say differently.
    static func add(_ changes: DefinitionChangesAnswer, to facts: inout Facts) {
        facts.add("Name", changes.name.map(change))
        facts.add("Description", changes.description.map(change))
        facts.add("Automations", changes.automation.map { $0 ? "may use it from now on" : "may not use it any more" })
        facts.add("Parts", changes.combination.map(change))
        for part in changes.went { facts.add("Goes", "\(part.sentence)  (at \(part.pointer))") }
        for part in changes.came { facts.add("Comes", "\(part.sentence)  (at \(part.pointer))") }
    }

    private static func change(_ change: TextChangeAnswer) -> String {
        "\(change.before.map { "“\($0)”" } ?? "none") → \(change.after.map { "“\($0)”" } ?? "none")"
    }

    private static func add(_ referrers: [ReferrerDifferenceAnswer], to facts: inout Facts) {
        for (number, referrer) in referrers.prefix(referrersShownMax).enumerated() {
            let counts = "\(Quantities.grouped(referrer.entering)) enter, \(Quantities.grouped(referrer.leaving)) leave"
            facts.add(
                number == 0 ? "Refers to it" : "", "\(referrer.segment.name) (\(referrer.segment.id)): \(counts)")
        }
        let more = referrers.count - referrersShownMax
        if more > 0 { facts.add("", "… and \(Quantities.count(more, "more segment")) whose members change") }
    }

    /// `312: ada <ada@example.org>, bob, …`: as many contacts as there are, or as fit beside a label.
    static func sample(_ members: MemberSampleAnswer, width: Int?) -> String {
        guard members.count > 0 else { return "nobody" }
        var text = Quantities.grouped(members.count) + ":"
        var shown = 0
        for line in members.sample {
            let next = (shown == 0 ? " " : ", ") + (line.email.map { "\(line.contact) <\($0)>" } ?? line.contact)
            let columns = TextWidth.columns(of: text + next) + ", …".count
            if let width, shown > 0, columns > width - labelColumns { break }
            text += next
            shown += 1
        }
        return members.count > shown ? text + ", …" : text
    }

    /// What labels take at most, with the gap after them.
    private static let labelColumns = 14

    /// `312 entered, 40 left, 1,200 stayed.` Nothing for an answer that does not say.
    static func outcome(_ outcome: EditOutcome?) -> String {
        guard let outcome else { return "" }
        return "\(Quantities.grouped(outcome.entered)) entered, \(Quantities.grouped(outcome.left)) left, "
            + "\(Quantities.grouped(outcome.stayed)) stayed.\n"
    }
}

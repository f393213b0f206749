import ControlAPI

/// What a review found, as text.
enum ReviewText {
    static func text(_ review: ReviewAnswer, name: String?, style: Style) -> String {
        var facts = Facts()
        facts.add("Segment", name.map { $0 + " (not saved by this)" })
        facts.add("Who", review.sentence)
        facts.add(
            "Would select",
            "\(Quantities.count(review.count, "contact")) of \(Quantities.grouped(review.contacts)) "
                + "(\(Quantities.percent(review.share)))")
        facts.add("Among them", review.sample.isEmpty ? nil : review.sample.joined(separator: ", "))
        facts.add("Conditions", "\(review.conditions), depth \(review.depth)")
        facts.add("To save", cost(review.cost))
        facts.add("Frontier", review.frontier)
        let warnings = warnings(review.lints, style: style)
        return facts.text(style: style) + (warnings.isEmpty ? "" : "\n" + warnings)
    }

    /// `2 of 5 conditions are new: saving looks at the records of 1,000,000 contacts once`
    static func cost(_ cost: CostAnswer) -> String {
        guard cost.newConditions > 0 else { return "all conditions are known: saving is immediate" }
        let new =
            "\(Quantities.grouped(cost.newConditions)) of \(Quantities.count(cost.conditions.count, "condition")) "
            + (cost.newConditions == 1 ? "is new" : "are new")
        guard cost.recordsToLookAt > 0 else { return new + ": there are no contacts to look at, saving is immediate" }
        return new + ": saving looks at the records of \(Quantities.count(cost.recordsToLookAt, "contact")) once"
    }

    /// That many warnings are shown.
    private static let warningsShownMax = 20

    /// A line for each: `warning: No contact can satisfy both … (at /where/all/0, /where/all/1)`.
    static func warnings(_ lints: [LintAnswer], style: Style) -> String {
        let shown = lints.prefix(warningsShownMax).reduce("") { text, lint in
            let place = lint.pointers.isEmpty ? "" : " (at \(lint.pointers.joined(separator: ", ")))"
            return text + style.yellow("warning:") + " " + TextWidth.printable(lint.message)
                + style.dim(TextWidth.printable(place)) + "\n"
        }
        let more = lints.count - warningsShownMax
        return more > 0 ? shown + "… and \(Quantities.count(more, "more warning")): segment review --json\n" : shown
    }
}

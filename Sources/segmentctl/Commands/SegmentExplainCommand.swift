import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why a contact is, or is not, in a segment.",
        discussion: """
            Each condition is marked ✓ or ✗, with what was found and the event that decided. Next change says when the \
            answer will be another, and why, if nothing comes that is not pending yet; would enter names a single \
            change that would make a member of the contact, where there is one that is simple to say. Exit code 0: a \
            member; 1: not a member.

              segmentctl segment explain "Recent customers" customer-17
              segmentctl segment explain s3 customer-17 --json
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    @Argument(help: "The contact's id.")
    var contact: String

    func run() async throws {
        let audience = try await options.audienceID()
        let call = ControlCall.explain(argument.segment, contact: contact, in: audience)
        let bytes = try await options.client.bytes(of: call)
        let answer = try call.answer(from: bytes)
        if options.connection.json {
            try Output.standard.write(bytes + [UInt8(ascii: "\n")])
        } else {
            try Output.standard.write(ExplanationText(style: Output.standard.style).text(answer))
        }
        if !answer.member { throw ExitCode.no }
    }
}

/// Why a contact is, or is not, in a segment, as a tree.
struct ExplanationText {
    let style: Style

    func text(_ answer: ExplanationAnswer) -> String {
        let verdict = answer.member ? style.green("is in") : style.red("is not in")
        let contact = TextWidth.printable(answer.contact)
        let segment = TextWidth.printable("\(answer.segment.name) (\(answer.segment.id))")
        var facts = Facts()
        facts.add("Next change", answer.nextChange.map { nextChange($0, answer) } ?? "only by an event")
        facts.add("Would enter", answer.wouldEnter.map(TextWidth.printable))
        facts.add("Pending", answer.pending == 0 ? nil : Quantities.count(answer.pending, "event") + " not yet visible")
        facts.add("Frontier", answer.frontier)
        return "\(contact) \(verdict) \(segment)\n\n"
            + node(answer.explanation, first: "", rest: "", in: answer) + "\n" + facts.text(style: style)
    }

    /// `leaves 2026-03-01T14:05:00Z (in 3 d, 2026-03-01T15:05:00+01:00) when order 991 turns 8 months old`
    private func nextChange(_ change: NextChangeAnswer, _ answer: ExplanationAnswer) -> String {
        (change.becomes == .entered ? "enters " : "leaves ") + dated(change.at, change.atLocal, answer) + " when "
            + TextWidth.printable(change.because)
    }

    /// The instant, how it lies to the frontier, and what a clock of the audience shows then.
    private func dated(_ instant: String, _ local: String?, _ answer: ExplanationAnswer) -> String {
        let isShown = answer.timezone != "UTC"
        let notes = [Spans.relation(of: instant, to: answer.frontier), isShown ? local : nil].compactMap { $0 }
        return notes.isEmpty ? instant : "\(instant) (\(notes.joined(separator: ", ")))"
    }

    /// `first` leads the node's own line, `rest` the lines of its children.
    private func node(
        _ node: ExplanationNode, first: String, rest: String, in answer: ExplanationAnswer
    ) -> String {
        let mark = node.holds ? style.green("✓") : style.red("✗")
        var text = "\(first)\(mark) \(TextWidth.printable(node.sentence))\(details(node, answer))\n"
        let children = node.children ?? []
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            text += self.node(
                child, first: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "), in: answer)
        }
        return text
    }

    private func details(_ node: ExplanationNode, _ answer: ExplanationAnswer) -> String {
        var parts: [String] = []
        if let found = node.found { parts.append("found " + TextWidth.printable(found)) }
        if let sequence = node.sequence {
            let type = node.type.map { " (\($0))" } ?? ""
            let occurred = node.occurredAt.map { " of " + dated($0, node.occurredAtLocal, answer) } ?? ""
            parts.append("event \(Quantities.grouped(sequence))\(type)\(occurred)")
        }
        return parts.isEmpty ? "" : style.dim("  — " + parts.joined(separator: ", "))
    }
}

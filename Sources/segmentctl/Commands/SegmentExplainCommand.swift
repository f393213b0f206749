import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why a contact is, or is not, in a segment.",
        discussion: """
            Each condition is marked ✓ or ✗, with what was found and the event that decided. Next change says when time \
            alone will change the answer. Exit code 0: a member; 1: not a member.

              segmentctl segment explain "Recent customers" customer-17
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
        facts.add(
            "Next change",
            answer.nextChangeAt.map { Spans.dated($0, now: answer.frontier) + " if no event comes" }
                ?? "only by an event")
        facts.add("Pending", answer.pending == 0 ? nil : Quantities.count(answer.pending, "event") + " not yet visible")
        facts.add("Frontier", answer.frontier)
        return "\(contact) \(verdict) \(segment)\n\n"
            + node(answer.explanation, first: "", rest: "", now: answer.frontier) + "\n" + facts.text(style: style)
    }

    /// `first` leads the node's own line, `rest` the lines of its children.
    private func node(_ node: ExplanationNode, first: String, rest: String, now: String) -> String {
        let mark = node.holds ? style.green("✓") : style.red("✗")
        var text = "\(first)\(mark) \(TextWidth.printable(node.sentence))\(details(node, now: now))\n"
        let children = node.children ?? []
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            text += self.node(
                child, first: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "), now: now)
        }
        return text
    }

    private func details(_ node: ExplanationNode, now: String) -> String {
        var parts: [String] = []
        if let found = node.found { parts.append("found " + TextWidth.printable(found)) }
        if let sequence = node.sequence {
            let occurred = node.occurredAt.map { " of " + Spans.dated($0, now: now) } ?? ""
            parts.append("event \(Quantities.grouped(sequence))\(occurred)")
        }
        return parts.isEmpty ? "" : style.dim("  — " + parts.joined(separator: ", "))
    }
}

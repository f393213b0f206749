import ArgumentParser
import ControlAPI
import ControlClient

struct ContactEraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase a contact with everything that was said of it.",
        discussion: """
            Asks first; where nobody can be asked, --yes is needed. The contact leaves its segments as soon as the \
            erasure is visible; a pass then takes what was said of it out of the log, the recipient lists and the view. \
            A later event of the same id starts a new contact. It cannot be undone.

              segmentctl contact erase customer-17
              segmentctl contact erase customer-17 --yes --json | jq -r .goneBy
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "The contact's id.")
    var id: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let audience = try await options.audienceID()
        if !yes {
            try Confirmation.ask(
                "Erase the contact \(id) from the audience \(audience)? This cannot be undone.",
                deed: "erasing a contact",
                refusal: "nothing was erased.")
        }
        try await options.connection.show(.eraseContact(id, in: audience)) { ErasureText.text($0) }
    }
}

/// Erasures as text.
enum ErasureText {
    static func text(_ erasure: ErasureAnswer) -> String {
        var facts = Facts()
        facts.add("Contact", erasure.contact)
        facts.add("Sequence", Quantities.grouped(Int(clamping: erasure.sequence)))
        facts.add("In no answer from", erasure.visibleAt)
        facts.add("Gone from all files by", erasure.goneBy)
        return facts.text()
    }

    static func text(_ status: ErasureStatusAnswer, style: Style = .plain) -> String {
        var facts = Facts()
        facts.add("Done", Quantities.grouped(status.done))
        facts.add("Waiting for a pass", Quantities.grouped(status.waiting))
        facts.add("Pending", Quantities.grouped(status.pending))
        facts.add(
            "Next pass", status.underWay ? "under way" : status.nextPassAt.map { Spans.dated($0, now: status.frontier) }
        )
        facts.add("Gone by", status.goneBy.map { Spans.dated($0, now: status.frontier) })
        facts.add("Last pass", status.lastPassAt.map { Spans.dated($0, now: status.frontier) })
        facts.add("Failed", status.failure)
        facts.add("Frontier", status.frontier)
        return facts.text(style: style)
    }

    static func text(_ pass: ErasurePassAnswer) -> String {
        guard pass.erasures > 0 else { return "No erasure waits for a pass at \(pass.frontier).\n" }
        return
            "Worked off \(Quantities.count(pass.erasures, "erasure")): \(Quantities.count(pass.events, "event")) blanked, "
            + "\(Quantities.count(pass.recipients, "row")) of recipient lists, at \(pass.frontier)\n"
    }

    /// `erasures: 3 wait for a pass that begins 2026-03-01T16:00:00Z`, or why the last one failed; nil if none waits.
    static func sentence(_ status: ErasureStatusAnswer) -> String? {
        if let failure = status.failure { return TextWidth.printable("the erasure pass failed: \(failure)") }
        guard status.waiting > 0 else { return nil }
        let when = status.underWay ? "the pass that is under way" : "the pass at \(status.nextPassAt ?? "any time")"
        return "\(Quantities.count(status.waiting, "erasure")) to be worked off by \(when)"
    }
}

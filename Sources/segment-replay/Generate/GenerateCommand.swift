import ArgumentParser
import SegmentModel

/// `segment-replay generate`: a shop's events without a shop.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write the events of an invented web shop, in order of arrival.",
        discussion: """
            The events are NDJSON lines of CloudEvents as segmentd takes them: contacts, orders and what becomes of \
            them, refunds, newsletters, visits. Some arrive hours or days late (attribute recordedtime), and about one \
            line in a hundred is delivered twice. The same options give the same bytes on every machine.

            Example:
              segment-replay generate --contacts 20000 --seed 7 | head -n 3
              segment-replay generate --from 2025-01-01 --to 2025-12-31 --output shop.ndjson
            """)

    @Option(help: ArgumentHelp("How many contacts sign up.", valueName: "n"))
    var contacts = 20_000

    @Option(help: ArgumentHelp("Another number makes another shop.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The first day on which something happens.", valueName: "date"))
    var from = "2024-07-01"

    @Option(help: ArgumentHelp("The last day on which something happens.", valueName: "date"))
    var to = "2026-06-30"

    @Option(help: ArgumentHelp("The currency of all amounts.", valueName: "code"))
    var currency = "EUR"

    @Option(help: ArgumentHelp("The time zone the stores name as theirs.", valueName: "name"))
    var timezone = "Europe/Paris"

    @Option(help: ArgumentHelp("The web store; a second one, NAME-till, sells over the counter.", valueName: "name"))
    var store = "web"

    @Option(help: ArgumentHelp("Write to this file, complete or not at all.", valueName: "file"))
    var output: String?

    func validate() throws {
        do {
            try plan().validate()
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        var generator = try ShopGenerator(plan: plan())
        let events = try EventOutput(path: output)
        do throws(EventOutputError) {
            try generator.run { bytes throws(EventOutputError) in try events.write(bytes) }
            try events.finish()
        } catch .readerGone {
            // `generate | head` has seen enough.
        }
    }

    private func plan() throws(ShopPlanError) -> ShopPlan {
        ShopPlan(
            contacts: contacts, seed: seed, from: try day(from, option: "from"), to: try day(to, option: "to"),
            currency: currency, timezone: timezone, store: store)
    }

    private func day(_ text: String, option: String) throws(ShopPlanError) -> LocalDate {
        do {
            return try LocalDate(iso: text)
        } catch {
            throw ShopPlanError(description: "--\(option): \(error.message)")
        }
    }
}

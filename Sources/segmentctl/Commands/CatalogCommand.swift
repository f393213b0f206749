import ArgumentParser
import ControlAPI
import ControlClient

struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Show what the saved segments share: each condition is evaluated and kept once.",
        discussion: """
            With a segment: which of its conditions others have too, and what deleting it would free.

              segmentctl catalog --limit 50
              segmentctl catalog "Lapsed big spenders"
            """)

    @OptionGroup var options: AudienceOptions

    @Argument(help: "A segment's id or name.", completion: .custom(NameCompletion.segments))
    var segment: String?

    @Option(
        help: ArgumentHelp(
            "Show that many conditions, those of most segments first; \(Bounds.catalogDefault) if absent.",
            valueName: "count"))
    var limit: Int?

    func validate() throws {
        if segment != nil, limit != nil { throw ValidationError("All conditions of a segment are shown: no --limit.") }
        guard (1...Bounds.pageMax).contains(limit ?? 1) else {
            throw ValidationError("--limit takes 1 to \(Bounds.pageMax).")
        }
    }

    func run() async throws {
        let audience = try await options.audienceID()
        let (width, style) = (Output.standard.columns, Output.standard.style)
        if let segment {
            try await options.connection.show(.catalog(ofSegment: segment, in: audience)) { catalog in
                CatalogText.text(catalog, width: width, style: style)
            }
        } else {
            try await options.connection.show(.catalog(of: audience, limit: limit)) { catalog in
                CatalogText.text(catalog, width: width, style: style)
            }
        }
    }
}

/// Catalogs as text.
enum CatalogText {
    static func text(_ catalog: CatalogAnswer, width: Int?, style: Style) -> String {
        guard catalog.segments > 0 else { return "No segment yet. Save one: segmentctl segment save --help\n" }
        var facts = Facts()
        facts.add(
            "Segments",
            "\(Quantities.grouped(catalog.segments)) over \(Quantities.count(catalog.contacts, "contact"))")
        facts.add("Conditions", shared(catalog.leafReferences, catalog.leaves, "condition"))
        facts.add("Combinations", shared(catalog.gateReferences, catalog.gates, "combination"))
        facts.add("", catalog.gates > 0 ? "of \(Quantities.count(catalog.edges, "part"))" : nil)
        facts.add("Memory", Quantities.bytes(catalog.columnBytes) + " for who satisfies which condition")
        facts.add("Frontier", catalog.frontier)
        var text = facts.text(style: style)
        guard !catalog.mostUsed.isEmpty else { return text }
        var table = Table([
            .text("CONDITION", shrinks: true), .number("SEGMENTS"), .number("TRUE FOR"), .number("MEMORY"),
        ])
        for leaf in catalog.mostUsed { table.add(row(leaf, segments: leaf.segments)) }
        text += "\n" + table.text(width: width, style: style)
        let more = catalog.leaves - catalog.mostUsed.count
        return more > 0 ? text + "… and \(Quantities.grouped(more)) more\n" : text
    }

    static func text(_ catalog: SegmentCatalogAnswer, width: Int?, style: Style) -> String {
        var facts = Facts()
        facts.add("Segment", "\(catalog.segment.name) (\(catalog.segment.id))")
        let ownLeaves = catalog.leaves.count { $0.segments == 1 }
        facts.add("Conditions", own(ownLeaves, of: catalog.leaves.count))
        facts.add("Combinations", own(catalog.ownGates, of: catalog.gates))
        facts.add("Deleting it", deleting(catalog))
        facts.add("Frontier", catalog.frontier)
        guard !catalog.leaves.isEmpty else { return facts.text(style: style) }
        var table = Table([
            .text("CONDITION", shrinks: true), .number("OTHER SEGMENTS"), .number("TRUE FOR"), .number("MEMORY"),
        ])
        for leaf in catalog.leaves { table.add(row(leaf, segments: leaf.segments - 1)) }
        return facts.text(style: style) + "\n" + table.text(width: width, style: style)
    }

    private static func row(_ leaf: CatalogLeafAnswer, segments: Int) -> [String] {
        [leaf.sentence, Quantities.grouped(segments), Quantities.grouped(leaf.contacts), Quantities.bytes(leaf.bytes)]
    }

    /// `48,000 → 2,000: each condition is shared by 24.0 segments on average`
    private static func shared(_ references: Int, _ distinct: Int, _ noun: String) -> String {
        guard distinct > 0 else { return "none" }
        let factor = Quantities.decimal(Double(references) / Double(distinct), digits: 1)
        return "\(Quantities.grouped(references)) → \(Quantities.grouped(distinct)): "
            + "each \(noun) is shared by \(factor) segments on average"
    }

    private static func own(_ own: Int, of count: Int) -> String {
        guard count > 0 else { return "none of its own" }
        return "\(Quantities.grouped(count)), of which \(own == 0 ? "none" : Quantities.grouped(own)) "
            + (own == 1 ? "is" : "are") + " in no other segment"
    }

    private static func deleting(_ catalog: SegmentCatalogAnswer) -> String {
        guard catalog.referrers.isEmpty else {
            let names = catalog.referrers.map { "“\($0)”" }.joined(separator: ", ")
            return "is not possible: \(names) \(catalog.referrers.count == 1 ? "refers" : "refer") to it"
        }
        guard catalog.freedLeaves > 0 else { return "would free nothing: others have all of its conditions" }
        return "would free \(Quantities.count(catalog.freedLeaves, "condition")) and "
            + Quantities.bytes(catalog.freedBytes)
    }
}

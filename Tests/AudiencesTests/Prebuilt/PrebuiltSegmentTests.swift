import SegmentModel
import Testing

@testable import Audiences

@Suite("Prebuilt segments")
struct PrebuiltSegmentTests {
    private let recent: AudienceProvisions
    private static let text = """
        {"name": "recent-customers", "version": 1, "title": "Recent", "description": "The last {days} days.",
         "parameters": [{"name": "days", "type": "integer", "default": 30, "minimum": 1, "maximum": 90, "meaning": "D."}],
         "where": {"activity": "order", "within": {"last": "P{days}D"}}}
        """

    init() throws {
        recent = try Self.provisions(Self.text)
    }

    private static func provisions(_ text: String) throws -> AudienceProvisions {
        AudienceProvisions(templates: [try TemplateTests.template(text)])
    }

    @Test("An audience has each under its name from the beginning, and conditions may refer to it")
    func made() async throws {
        let shop = try await ProvidedShop(recent)
        let segment = try await shop.audience.segment("recent-customers")
        #expect(segment.isPrebuilt)
        #expect(segment.description == "The last 30 days.")
        #expect(segment.origin?.parameters == ["days": Number(30)])
        _ = try await shop.audience.save(name: "Others", where: ["not": ["segment": "recent-customers"]])
        try await shop.ingest(
            ProvidedShop.order("1", "ada", "2026-02-20T12:00:00Z", "9") + ProvidedShop.contact("dan"))
        #expect(try await shop.members(of: "recent-customers") == "ada")
        #expect(try await shop.members(of: "Others") == "dan")
        try await shop.close()
    }

    @Test("An audience that was there before gets it at the next start; without templates it has none")
    func madeLater() async throws {
        let shop = try await ProvidedShop(AudienceProvisions())
        try await shop.ingest(ProvidedShop.order("1", "ada", "2026-02-20T12:00:00Z", "9"))
        #expect(await shop.audience.segments().isEmpty)
        try await shop.restart(recent)
        #expect(try await shop.members(of: "recent-customers") == "ada")
        try await shop.close()
    }

    @Test("A restart changes nothing; another version is another revision, and keeps the parameters that were set")
    func versions() async throws {
        let shop = try await ProvidedShop(recent)
        let edited = try await shop.audience.edit("recent-customers", parameters: ["days": 45]).segment
        #expect(edited.revision == 2)
        #expect(edited.definition == ["activity": "order", "within": ["last": "P45D"]])
        #expect(edited.description == "The last 45 days.")
        try await shop.restart(recent)
        #expect(try await shop.audience.segment("recent-customers").revision == 2)
        let second = Self.text.replacing("\"version\": 1", with: "\"version\": 2")
            .replacing("\"P{days}D\"}", with: "\"P{days}D\"}, \"value\": 2")
        try await shop.restart(try Self.provisions(second))
        let upgraded = try await shop.audience.segment("recent-customers")
        #expect(upgraded.revision == 3)
        #expect(upgraded.origin?.version == 2)
        #expect(upgraded.definition == ["activity": "order", "within": ["last": "P45D"], "value": 2])
        // What a later version no longer takes goes back to the default.
        try await shop.restart(try Self.provisions(second.replacing("\"maximum\": 90", with: "\"maximum\": 40")))
        #expect(try await shop.audience.segment("recent-customers").origin?.parameters == ["days": Number(30)])
        try await shop.close()
    }

    @Test("Of it only parameters can be changed, and it cannot be deleted as long as its template is there")
    func limits() async throws {
        let shop = try await ProvidedShop(recent)
        let audience = shop.audience
        for body in [
            { _ = try await audience.edit("recent-customers", name: "Mine") },
            { _ = try await audience.edit("recent-customers", where: ["tag": "vip"]) },
            { _ = try await audience.edit("recent-customers", name: "Mine", parameters: ["days": 3]) },
            { try await audience.delete("recent-customers") },
        ] as [() async throws -> Void] {
            #expect(await shop.failure(body)?.code == .prebuiltSegment)
        }
        #expect(try await audience.segment("recent-customers").revision == 1)
        try await shop.restart(AudienceProvisions())
        try await shop.audience.delete("recent-customers")
        #expect(await shop.audience.segments().isEmpty)
        try await shop.close()
    }

    @Test("A segment that somebody saved under the name is left alone")
    func takenName() async throws {
        let shop = try await ProvidedShop(AudienceProvisions())
        _ = try await shop.audience.save(name: "Recent-Customers", where: ["tag": "vip"])
        try await shop.restart(recent)
        let segment = try await shop.audience.segment("recent-customers")
        #expect(!segment.isPrebuilt)
        #expect(segment.definition == ["tag": "vip"])
        #expect(try await shop.audience.prebuilt("recent-customers").segment == nil)
        try await shop.close()
    }

    @Test("An ordinary segment is reviewed, saved and edited by the parameters of a template")
    func savedFromTemplate() async throws {
        let shop = try await ProvidedShop(recent)
        let audience = shop.audience
        try await shop.ingest(ProvidedShop.order("1", "ada", "2026-02-20T12:00:00Z", "9"))
        #expect(try await audience.review(prebuilt: "recent-customers", parameters: ["days": 9], sample: 9).count == 0)
        #expect(try await audience.review(prebuilt: "recent-customers", parameters: nil, sample: 9).count == 1)
        let saved = try await audience.save(name: "Ten days", prebuilt: "recent-customers", parameters: ["days": 10])
        #expect(!saved.isPrebuilt)
        #expect(saved.count == 1)
        #expect(saved.description == "The last 10 days.")
        #expect(try await audience.review("Ten days", changing: ["days": 5], sample: 9).count == 0)
        let edited = try await audience.edit("Ten days", name: "Five days", parameters: ["days": 5]).segment
        #expect(edited.name == "Five days" && edited.count == 0 && edited.revision == 2)
        // A condition of its own ends where it came from.
        #expect(try await audience.edit("Five days", name: "Quick").segment.origin?.template == "recent-customers")
        #expect(try await audience.edit("Quick", where: ["tag": "vip"]).segment.origin == nil)
        #expect(
            await shop.failure { _ = try await audience.edit("Quick", parameters: ["days": 5]) }?.code
                == .unknownParameter)
        try await audience.delete("Quick")
        try await shop.close()
    }

    @Test(
        "A parameter that is unknown, of another type or out of bounds is named with its place",
        arguments: [
            (#"{"day": 3}"#, "unknown_parameter", "/parameters/day"),
            (#"{"days": "3"}"#, "parameter_type", "/parameters/days"),
            (#"{"days": 3.5}"#, "parameter_type", "/parameters/days"),
            (#"{"days": 0}"#, "parameter_out_of_bounds", "/parameters/days"),
            (#"{"days": 91}"#, "parameter_out_of_bounds", "/parameters/days"),
            (#"[3]"#, "parameter_type", "/parameters"),
        ])
    func badParameters(json: String, code: String, pointer: String) async throws {
        let shop = try await ProvidedShop(recent)
        let parameters = try TemplateTests.json(json)
        for body in [
            { _ = try await shop.audience.save(name: "X", prebuilt: "recent-customers", parameters: parameters) },
            { _ = try await shop.audience.edit("recent-customers", parameters: parameters) },
            { _ = try await shop.audience.review(prebuilt: "recent-customers", parameters: parameters, sample: 0) },
        ] as [() async throws -> Void] {
            let failure = await shop.failure(body)
            #expect(failure?.code.rawValue == code)
            #expect(failure?.pointer == pointer)
        }
        let unknown = await shop.failure {
            _ = try await shop.audience.save(name: "X", prebuilt: "recent-customer", parameters: nil)
        }
        #expect(unknown?.code == .unknownPrebuilt && unknown?.pointer == "/prebuilt")
        #expect(unknown?.related == ["recent-customers"])
        try await shop.close()
    }

    @Test("A small plan has the prebuilt segments all the same, nesting and all; what is made of them is limited")
    func plans() async throws {
        let shop = try await ProvidedShop(try ProvidedShop.shipped()) { $0.plan = .free }
        #expect(await shop.audience.segments().count == 6)
        #expect(try await shop.audience.edit("lapsed-customers", parameters: ["months": 3]).segment.revision == 2)
        let nested: JSONValue = ["all": [["any": [["tag": "a"], ["tag": "b"]]], ["tag": "c"]]]
        #expect(await shop.failure { _ = try await shop.audience.save(name: "N", where: nested) }?.code == .planLimit)
        try await shop.close()
    }
}

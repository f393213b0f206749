import Admission
import ControlAPI
import FoundationEssentials
import SegmentModel
import Testing

@testable import Audiences
@testable import ControlServer

@Suite struct LimitTests {
    /// The constants that `docs/limits.md` has to name, each once.
    static let constants: [String: Int] = [
        "Bounds.connectionsMax": Bounds.connectionsMax, "Bounds.connectionsPerUserMax": Bounds.connectionsPerUserMax,
        "ListeningSocket.backlog": Int(ListeningSocket.backlog), "Bounds.headerBytesMax": Bounds.headerBytesMax,
        "Bounds.headSecondsMax": Bounds.headSecondsMax, "Bounds.bodySecondsMax": Bounds.bodySecondsMax,
        "Bounds.writeSecondsMax": Bounds.writeSecondsMax, "Bounds.idleSecondsMax": Bounds.idleSecondsMax,
        "Bounds.jsonBodyBytesMax": Bounds.jsonBodyBytesMax,
        "Bounds.eventBatchBodyBytesMax": Bounds.eventBatchBodyBytesMax, "Bounds.streamsMax": Bounds.streamsMax,
        "Bounds.streamSecondsMax": Bounds.streamSecondsMax, "Bounds.reviewsMax": Bounds.reviewsMax,
        "Bounds.heldBytesMax": Bounds.heldBytesMax, "Bounds.heldBytesOfOneMax": Bounds.heldBytesOfOneMax,
        "Bounds.pageMax": Bounds.pageMax, "Bounds.deletionSegmentsMax": Bounds.deletionSegmentsMax,
        "Bounds.contactHistoryMax": Bounds.contactHistoryMax,
        "Bounds.contactSegmentsMax": Bounds.contactSegmentsMax,
        "Bounds.problemsPerRequestMax": Bounds.problemsPerRequestMax,
        "Bounds.dryRunEventsMax": Bounds.dryRunEventsMax, "Bounds.batchLinesMax": Bounds.batchLinesMax,
        "Bounds.batchBytesMax": Bounds.batchBytesMax, "AdmissionLimits.depthMax": AdmissionLimits.depthMax,
        "AdmissionLimits.lineBytesMax": AdmissionLimits.lineBytesMax,
        "AdmissionLimits.batchEventsMax": AdmissionLimits.batchEventsMax,
        "AdmissionLimits.identifierBytesMax": AdmissionLimits.identifierBytesMax,
        "AdmissionLimits.nameBytesMax": AdmissionLimits.nameBytesMax,
        "AdmissionLimits.tagBytesMax": AdmissionLimits.tagBytesMax,
        "AdmissionLimits.textBytesMax": AdmissionLimits.textBytesMax,
        "AdmissionLimits.emailBytesMax": AdmissionLimits.emailBytesMax,
        "AdmissionLimits.urlBytesMax": AdmissionLimits.urlBytesMax,
        "AdmissionLimits.extensionsMax": AdmissionLimits.extensionsMax,
        "AdmissionLimits.fieldsMax": AdmissionLimits.fieldsMax,
        "AdmissionLimits.listTextsMax": AdmissionLimits.listTextsMax,
        "AdmissionLimits.tagsMax": AdmissionLimits.tagsMax,
        "AdmissionLimits.orderLinesMax": AdmissionLimits.orderLinesMax,
        "AdmissionLimits.propertiesMax": AdmissionLimits.propertiesMax,
        "AdmissionLimits.storesMax": AdmissionLimits.storesMax,
        "AdmissionLimits.capabilitiesMax": AdmissionLimits.capabilitiesMax,
        "ConditionLimits.conditionCountMax": ConditionLimits.conditionCountMax, "Plan.depthMax": Plan.depthMax,
        "ConditionLimits.depthMax": ConditionLimits.depthMax,
        "ConditionLimits.listCountMax": ConditionLimits.listCountMax,
        "ConditionLimits.textBytesMax": ConditionLimits.textBytesMax,
        "ConditionLimits.filterCountMax": ConditionLimits.filterCountMax,
        "DefinitionBook.nameBytesMax": DefinitionBook.nameBytesMax,
        "AudienceLimits.segmentsMax": AudienceLimits.segmentsMax,
        "AudienceLimits.contactsMax": AudienceLimits.contactsMax,
        "PendingForecast.eventsMax": PendingForecast.eventsMax,
    ]

    @Test func `limits.md names every bound with its value`() throws {
        var documented: [String: Int] = [:]
        for line in try document().split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.drop { $0 == " " }.reversed().drop { $0 == " " } }
                .map { String($0.reversed()) }
            guard cells.count == 4, cells[2].hasPrefix("`") else { continue }
            documented[String(cells[2].dropFirst().dropLast())] = Int(cells[1].filter { $0 != "," })
        }
        #expect(documented == Self.constants)
    }

    @Test func `every bound of the API stands in limits.md`() throws {
        let source = try text("Sources/ControlAPI/Bounds.swift") + text("Sources/Admission/AdmissionLimits.swift")
        let names = source.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasSuffix("Max") }.map(String.init)
        }
        // Of values, not of numbers or sizes: documented with what they are bounds of. Samples are cut short on purpose.
        let others = [
            "ratingMax", "latitudeMax", "longitudeMax", "bodyBytesMax", "reviewSampleMax", "comparisonSampleMax",
        ]
        let known = Set(Self.constants.keys.map { String($0.split(separator: ".")[1]) })
        #expect(names.filter { !known.contains($0) && !others.contains($0) } == [])
    }

    @Test func `one segment or contact too many is refused`() {
        #expect(throws: AudienceError.self) {
            try AudienceLimits.checkRoom(forSegmentBeside: AudienceLimits.segmentsMax)
        }
        #expect(throws: Never.self) { try AudienceLimits.checkRoom(forSegmentBeside: AudienceLimits.segmentsMax - 1) }
        #expect(throws: AudienceError.self) {
            try AudienceLimits.checkRoom(forEventsBesideContacts: AudienceLimits.contactsMax)
        }
        #expect(throws: Never.self) {
            try AudienceLimits.checkRoom(forEventsBesideContacts: AudienceLimits.contactsMax - 1)
        }
    }

    @Test func `a turnstile lets so many in, and another when one has gone`() throws {
        let turnstile = Turnstile("streams", countMax: 2)
        var passes = [try turnstile.enter(), try turnstile.enter()]
        let refusal = #expect(throws: Problem.self) { _ = try turnstile.enter() }
        #expect(refusal?.code == "busy")
        #expect(refusal?.status == 503)
        passes.removeLast()
        passes.append(try turnstile.enter())
        #expect(throws: Problem.self) { _ = try turnstile.enter() }
    }

    @Test(arguments: [
        (#"{"any":["# + Self.list(10_000) { #"{"tag":"t\#($0)"}"# } + "]}", "too_many_conditions", "/where/any/1000"),
        (
            #"{"field":"country","op":"in","value":["# + Self.list(100_000) { #""\#($0)""# } + "]}", "too_many_values",
            "/where/value"
        ),
        (Self.nested(60), "plan_limit", "/where"),
        (Self.nested(1_000), "not_json", nil),
    ])
    func `a definition far beyond the bounds is refused with its place`(
        condition: String, code: String, pointer: String?
    ) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let answer = try await server.send("POST", Routes.review(in: "shop"), #"{"where":"# + condition + "}")
            let problem = try answer.problem()
            #expect((400..<500).contains(problem.status))
            #expect(problem.code == code)
            #expect(problem.pointer == pointer)
        }
    }

    /// JSON that deep is refused before anything is made of it; a value that is there already must be, too.
    @Test func `a thousand levels are refused at the bound`() {
        let deep = (0..<1_000).reduce(JSONValue.object([.init("tag", "a")])) { inner, _ in
            .object([.init("not", inner)])
        }
        let error = #expect(throws: DefinitionError.self) { try Condition(parsing: deep) }
        #expect(error?.code == .tooDeep)
        #expect(error?.path == String(repeating: "/not", count: ConditionLimits.depthMax))
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        (0..<count).map(element).joined(separator: ",")
    }

    private static func nested(_ levels: Int) -> String {
        String(repeating: #"{"not":"#, count: levels) + #"{"tag":"a"}"# + String(repeating: "}", count: levels)
    }

    private func document() throws -> String { try text("docs/limits.md") }

    private func text(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }
}

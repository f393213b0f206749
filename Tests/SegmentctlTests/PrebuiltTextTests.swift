import ArgumentParser
import ControlAPI
import SegmentModel
import Testing

@testable import segmentctl

@Suite("Prebuilt segments and integrations as text")
struct PrebuiltTextTests {
    private static let segment = SegmentAnswer(
        id: "s2", name: "high-value-customers", where: JSONTree(.object([])),
        sentence: "has spent at least 37 in total",
        revision: 1, createdAt: "C", changedAt: "D", count: 1_234, frontier: "F", kind: "prebuilt",
        origin: SegmentOriginAnswer(template: "high-value-customers", version: 1, parameters: ["share": "0.2"]),
        fit: FitAnswer(values: ["threshold": "37"], foundAt: "2026-03-01T00:00:00Z", since: "2026-03-01T00:00:00Z"))

    private static let prebuilt = PrebuiltAnswer(
        name: "high-value-customers", version: 1, title: "High-value customers", description: "The most.",
        parameters: [
            PrebuiltParameterAnswer(
                name: "share", type: "number", default: "0.1", minimum: "0.001", maximum: "1", meaning: "A part.")
        ], where: JSONTree(.object([.init("tag", .string("vip"))])), segment: segment)

    @Test("Prebuilt segments are listed with the parameters they have now")
    func list() {
        #expect(
            PrebuiltText.list([Self.prebuilt], width: nil, style: .plain) == """
                NAME                  VERSION  MEMBERS  PARAMETERS  WHO
                high-value-customers        1    1,234  share=0.2   has spent at least 37 in total

                """)
        let narrow = PrebuiltText.list([Self.prebuilt], width: 66, style: .plain)
        #expect(narrow.split(separator: "\n").allSatisfy { TextWidth.columns(of: String($0)) <= 66 })
        #expect(PrebuiltText.list([], width: nil, style: .plain).contains("prebuiltDirectory"))
    }

    @Test("One is shown with the bounds of its parameters")
    func show() {
        #expect(
            PrebuiltText.text(Self.prebuilt, width: nil, style: .plain) == """
                Prebuilt  High-value customers (high-value-customers), version 1
                For       The most.
                Who       has spent at least 37 in total
                Members   1,234
                Segment   s2
                Frontier  F

                PARAMETER  TYPE    NOW  DEFAULT   FROM  TO  MEANING
                share      number  0.2      0.1  0.001   1  A part.

                {
                  "tag": "vip"
                }

                """)
    }

    @Test("A segment made of one says so, with what was found and when")
    func segment() {
        let text = SegmentText.text(Self.segment, style: .plain)
        #expect(text.contains("Made of   prebuilt segment high-value-customers, version 1, share=0.2\n"))
        #expect(text.contains("Found     threshold 37 at 2026-03-01T00:00:00Z\n"))
        var empty = Self.segment
        empty.fit = FitAnswer(values: [:])
        #expect(SegmentText.text(empty, style: .plain).contains("Found     nothing yet: there are no customers\n"))
        let list = SegmentListCommand.text([Self.segment], contacts: 9, frontier: "F", width: nil, style: .plain)
        #expect(list.contains("high-value-customers (prebuilt)"))
    }

    @Test("Parameters go as numbers, whatever else as the text it is")
    func parameters() throws {
        let options = try ParameterOptions.parse(["--set", "days=45", "--set", "share=0.5", "--set", "x=4 5"])
        #expect(
            String(decoding: try #require(try options.json()).bytes, as: UTF8.self)
                == #"{"days":45,"share":0.5,"x":"4 5"}"#)
        #expect(try ParameterOptions.parse([]).json() == nil)
        #expect(throws: (any Error).self) { try ParameterOptions.parse(["--set", "days"]) }
    }

    @Test(
        "A definition is a file, a condition or a prebuilt segment",
        arguments: [
            (["--prebuilt", "recent-customers", "--set", "days=4"], true),
            (["--where", "{}", "--set", "days=4"], false),
            (["--where", "{}", "--prebuilt", "recent-customers"], false), (["f.json", "--prebuilt", "x"], false),
            ([], false), (["--where", "{}"], true),
        ])
    func definition(arguments: [String], isTaken: Bool) async throws {
        let command = try? await SegmentReviewCommand.asyncParseAsRoot(arguments)
        #expect((command != nil) == isTaken)
    }

    @Test("A draft and its review name the prebuilt segment and its parameters")
    func draft() async throws {
        let command = try await SegmentReviewCommand.asyncParseAsRoot([
            "--name", "X", "--prebuilt", "recent-customers", "--set", "days=4",
        ])
        let options = try #require(command as? SegmentReviewCommand).definition
        let draft = try #require(try options.drafts().first)
        #expect(
            String(decoding: draft.bytes, as: UTF8.self)
                == #"{"name":"X","prebuilt":"recent-customers","parameters":{"days":4}}"#)
        let (request, name) = try SegmentReviewCommand.request(for: draft)
        #expect(name == "X")
        #expect(
            String(decoding: request.bytes, as: UTF8.self)
                == #"{"prebuilt":"recent-customers","parameters":{"days":4}}"#)
    }

    @Test("Integrations are listed with what they offer, since when and from when on")
    func integrations() {
        func state(_ connected: Bool, _ at: String) -> IntegrationStateAnswer {
            IntegrationStateAnswer(
                connected: connected, platform: "shopify",
                stores: [IntegrationStoreAnswer(store: "web", name: "UK"), IntegrationStoreAnswer(store: "till")],
                capabilities: ["orderCount", "vendor"], visibleAt: at, sequence: 1)
        }
        let answer = IntegrationsAnswer(
            frontier: "F",
            integrations: [
                IntegrationAnswer(integration: "uk", present: state(true, "A"), pending: [state(false, "B")]),
                IntegrationAnswer(integration: "us", pending: [state(true, "C")]),
            ])
        #expect(
            IntegrationText.list(answer, width: nil, style: .plain) == """
                INTEGRATION  PLATFORM  STORES    OFFERS             STATE
                uk           shopify   UK, till  orderCount vendor  connected since A
                             shopify   UK, till  –                  will be disconnected at B
                us           shopify   UK, till  orderCount vendor  will be connected at C

                2 integrations at F

                """)
        let none = IntegrationText.list(
            IntegrationsAnswer(frontier: "F", integrations: []), width: nil, style: .plain)
        #expect(none.hasPrefix("No integration sends events here"))
    }
}

import Admission
import EventLog
import SegmentEngine
import TestSupport
import Testing

@testable import Audiences
@testable import SegmentModel

@Suite struct ExportTests {
    private static let start = Instant(microseconds: 1_700_000_000_000_000)

    /// An audience without a delay that has taken the events, and everybody as a segment.
    private func withEverybody(
        _ events: [Event], _ settings: AudienceSettings? = nil,
        _ body: (Audience, Instant) async throws -> Void
    ) async throws {
        let home = try TemporaryDirectory()
        let clock = ManualClock(Self.start)
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        var settings =
            settings ?? AudienceSettings(name: "Shop", currency: "EUR", fieldTypes: RandomDefinitions.fieldTypes)
        settings.visibilityDelayMicroseconds = 0
        let audience = try await directory.create(id: "shop", settings: settings)
        _ = try await audience.save(name: "Everybody", where: ["field": "firstSeenAt", "op": "is_not_blank"])
        _ = try await audience.ingest(AdmittedBatch(events))
        clock.advance(by: 1_000_000)
        try await audience.tick()
        try await body(audience, await audience.status().frontier)
        try await directory.close()
    }

    private func text(_ export: TextExport) throws -> String {
        var export = export
        var piece: [UInt8] = []
        var text: [UInt8] = []
        while try export.next(into: &piece) { text += piece }
        return String(decoding: text, as: UTF8.self)
    }

    private func change(_ contact: Identifier, _ attributes: [(AttributeKey, AttributeValue)]) -> Event {
        Event(
            source: "test", id: contact, time: Self.start,
            fact: .contactChanged(
                ContactChange(
                    contact: contact, attributes: attributes.map { AttributeChange(key: $0.0, value: $0.1) })))
    }

    @Test(
        arguments: [
            ("plain", "plain"), ("a,b", #""a,b""#), (#"say "hi""#, #""say ""hi""""#), ("=1+1", "'=1+1"),
            ("+49", "'+49"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""),
            ("a=b", "a=b"), ("=a,b", #""'=a,b""#), ("two\nlines", "\"two\nlines\""), ("é\u{1F600}", "é\u{1F600}"),
        ])
    func `a cell of CSV is quoted where it must be, and text is never a formula`(text: String, cell: String) {
        var writer = RowWriter(columns: ["a", "b"], format: .csv)
        var bytes: [UInt8] = []
        writer.write(.value(.text(text)), to: &bytes)
        writer.write(.blank, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == cell + ",\r\n")
    }

    @Test func `numbers stay numbers in CSV, and lists are joined`() {
        var writer = RowWriter(columns: ["a", "b", "c", "d"], format: .csv)
        var bytes: [UInt8] = []
        writer.write(.value(.number(Number(-5))), to: &bytes)
        writer.write(.money(Number(billionths: -12_500_000_000)), to: &bytes)
        writer.write(.value(.list(["new", "vip"])), to: &bytes)
        writer.write(.value(.boolean(true)), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "-5,-12.5,new;vip,true\r\n")
    }

    @Test func `a blank alone on a line is still a row`() {
        var writer = RowWriter(columns: ["email"], format: .csv)
        var bytes: [UInt8] = []
        writer.begin(&bytes)
        writer.write(.blank, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "email\r\n\"\"\r\n")
    }

    @Test func `rows are in the order of ids, and NDJSON has no key for a blank`() async throws {
        let events = [
            change("zoé", [(.known(.email), .text("=1@x.test"))]), change("b\"q", [(.known(.country), .text("FR"))]),
        ]
        try await withEverybody(events) { audience, frontier in
            let export = try await audience.export("Everybody", format: .ndjson)
            #expect(export.count == 2)
            #expect(export.frontier == frontier)
            #expect(
                try text(export) == #"{"contact":"b\"q"}"# + "\n" + #"{"contact":"zoé","email":"=1@x.test"}"# + "\n")
            let csv = try await audience.export(
                "Everybody", columns: ["country", "contact", "status"], format: .csv)
            #expect(try text(csv) == "country,contact,status\r\nFR,\"b\"\"q\",subscribed\r\n,zoé,subscribed\r\n")
        }
    }

    @Test func `an unknown column is refused with those there are, and a near one is named`() async throws {
        try await withEverybody([change("a", [(.custom("points"), .number(Number(3)))])]) { audience, _ in
            let failure = await #expect(throws: AudienceError.self) {
                _ = try await audience.export("Everybody", columns: ["contact", "fields.point"], format: .csv)
            }
            #expect(failure?.code == .unknownColumn)
            #expect(failure?.related == ["fields.points"])
            #expect(failure?.message.contains("orders.total") == true)
            await #expect(throws: AudienceError.self) {
                _ = try await audience.export("Everybody", columns: ["email", "email"], format: .csv)
            }
        }
    }

    @Test func `a long list comes in pieces of bounded length`() async throws {
        let events = (0..<6_000).map { change(Identifier("contact-\($0)"), [(.known(.email), .text("\($0)@x.test"))]) }
        try await withEverybody(events) { audience, _ in
            var export = try await audience.export("Everybody", format: .csv)
            var piece: [UInt8] = []
            var lines = 0
            var pieces = 0
            while try export.next(into: &piece) {
                #expect(piece.count < 100_000)
                lines += piece.count { $0 == UInt8(ascii: "\n") }
                pieces += 1
            }
            #expect(lines == 6_001)
            #expect(pieces > 1)
        }
    }

    @Test func `an empty segment has a header line and no row`() async throws {
        try await withEverybody([]) { audience, _ in
            let csv = try await audience.export("Everybody", format: .csv)
            #expect(try text(csv) == "contact,email\r\n")
            let ndjson = try await audience.export("Everybody", format: .ndjson)
            #expect(try text(ndjson).isEmpty)
        }
    }

    @Test(arguments: 0..<12) func `every column says what the reference says`(seed: UInt64) async throws {
        var random = RandomEvents(seed: seed)
        let events = (0..<400).map { _ in random.next() }
        var settings = AudienceSettings(name: "Shop", currency: "EUR", fieldTypes: RandomDefinitions.fieldTypes)
        settings.countedStatuses = seed.isMultiple(of: 2) ? EvaluationContext.countedByDefault : [.placed, .refunded]
        try await withEverybody(events, settings) { audience, frontier in
            let columns =
                MemberColumn.fixed + RandomDefinitions.fieldTypes.keys.sorted().map { MemberColumn.custom($0.text) }
            let export = try await audience.export("Everybody", columns: columns.map(\.name), format: .ndjson)
            let rows = try text(export).split(separator: "\n").map { try JSONDocument.parse(Array($0.utf8)) }
            let logged = try audience.log.read(from: 1, countMax: .max).filter { $0.visibleAt <= frontier }
            let contacts = ReferenceFold.contacts(from: logged).values.sorted { $0.id < $1.id }
            let context = try settings.evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
            let reference = ReferenceEvaluator(context: context)
            #expect(rows.count == contacts.count)
            for (row, contact) in zip(rows, contacts) {
                for column in columns {
                    #expect(
                        row[column.name] == reference.cell(column, contact, at: frontier),
                        "seed \(seed), \(contact.id), \(column.name)")
                }
            }
        }
    }
}

extension ReferenceEvaluator {
    /// A cell of NDJSON by the plain evaluation of conditions.
    fileprivate func cell(_ column: MemberColumn, _ contact: Contact, at now: Instant) -> JSONValue? {
        switch column {
        case .contact: return .string(contact.id.text)
        case .field(.tags):
            let tags = contact.tags.keys.sorted()
            return tags.isEmpty ? JSONValue?.none : .array(tags.compactMap { contact.tags[$0] }.map { .string($0) })
        case .field(let field): return contact.value(of: field).flatMap { $0.isBlank ? JSONValue?.none : $0.cell }
        case .orders(let measure):
            let condition = ActivityCondition(activity: .order, measure: measure, test: .number(.isNotBlank))
            let matches = matches(occurrences(of: condition, in: contact), in: nil, at: now)
            switch measured(measure, over: matches, of: contact, at: now) {
            case .blank: return JSONValue?.none
            case .instant(let instant): return .string(instant.description)
            case .number(let number, let divisor):
                guard divisor == 1 else { return .string(Self.rounded(number, by: divisor).description) }
                return measure.isMoney ? .string(number.description) : .number(number.description)
            }
        }
    }

    /// To four fraction digits, half away from zero; amounts here are not negative.
    private static func rounded(_ number: Number, by divisor: Int) -> Number {
        let unit = Int128(divisor) * 100_000
        return Number(billionths: (number.billionths + unit / 2) / unit * 100_000)
    }
}

extension AttributeValue {
    fileprivate var cell: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number.description)
        case .boolean(let truth): .bool(truth)
        case .list(let elements): .array(elements.map { .string($0) })
        case .instant(let instant): .string(instant.description)
        case .birthday(let month, let day):
            .string((month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)")
        }
    }
}

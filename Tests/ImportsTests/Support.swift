import Admission
import Imports
import SegmentModel
import TestSupport
import Testing

/// What the conversion makes of a file that is cut into pieces.
private func convertedEvents(
    _ file: [UInt8], _ conversion: any EventConversion, piece: Int
) throws -> ConvertedEvents {
    var conversion = conversion
    var events = ConvertedEvents()
    for start in stride(from: 0, to: file.count, by: piece) {
        let part = Array(file[start..<min(start + piece, file.count)])
        try part.withUnsafeBytes { bytes in try conversion.convert(bytes, into: &events) }
    }
    try conversion.finish(into: &events)
    return events
}

/// What a file became, read by the daemon's own decoder.
struct Converted {
    var events: [Event] = []
    var places: [Int] = []
    var problems: [ImportProblem] = []
    var lastPlace = 0
    var bytes: [UInt8] = []

    /// The file at once, or cut into pieces of that size.
    init(
        _ file: [UInt8], _ conversion: some EventConversion, piece: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let events = try convertedEvents(file, conversion, piece: max(piece ?? file.count, 1))
        bytes = events.bytes
        places = events.places
        problems = events.problems
        lastPlace = events.lastPlace
        let admission = NDJSONAdmission()
        admission.feed(events.bytes)
        let batch = admission.finish()
        #expect(batch.rejections == [], sourceLocation: sourceLocation)
        #expect(batch.events.count == places.count, sourceLocation: sourceLocation)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }, sourceLocation: sourceLocation)
        self.events = try batch.events.map { try $0.event }
    }

    init(
        _ file: String, _ conversion: some EventConversion, piece: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try self.init(Array(file.utf8), conversion, piece: piece, sourceLocation: sourceLocation)
    }

    var orders: [OrderState] {
        events.compactMap { event in
            switch event.fact {
            case .orderPlaced(let state), .orderChanged(let state): state
            default: nil
            }
        }
    }

    var changes: [ContactChange] {
        events.compactMap { event in
            guard case .contactChanged(let change) = event.fact else { return nil }
            return change
        }
    }

    /// Contacts after these events, as if they were handed in at once.
    func contacts(recordedAt: String = "2026-06-01T00:00:00Z") throws -> [Identifier: Contact] {
        let instant = try Instant(rfc3339: recordedAt)
        return ReferenceFold.contacts(
            from: events.enumerated().map { index, event in
                LoggedEvent(
                    sequence: UInt64(index + 1), recordedAt: instant, visibleAt: instant, event: event)
            })
    }

    /// `place code` of each problem.
    var complaints: [String] { problems.map { "\($0.place) \($0.code)" } }
}

extension CSVConversion {
    /// A conversion by a mapping, in UTC unless another zone is given.
    init(_ mapping: String, zone: TimeZoneRules = .utc, asOf: String? = nil, firstPlace: Int = 1) throws {
        try self.init(
            Mapping(parsing: Array(mapping.utf8)), zone: zone, asOf: asOf.map { try Instant(rfc3339: $0) },
            firstPlace: firstPlace)
    }
}

extension Contact {
    subscript(attribute: KnownAttribute) -> AttributeValue? { attributes[.known(attribute)] }
}

/// Whether the contact satisfies a condition at an instant.
func holds(_ condition: JSONValue, for contact: Contact?, at now: String = "2026-06-01T00:00:00Z") throws -> Bool {
    let evaluator = ReferenceEvaluator(context: EvaluationContext(zone: .utc, currency: "EUR"))
    return evaluator.isTrue(
        try Condition(parsing: condition), of: try #require(contact), at: try Instant(rfc3339: now))
}

/// The error that the body throws.
func importError(_ body: () throws -> Void) throws -> ImportError {
    try #require(#expect(throws: ImportError.self) { try body() })
}

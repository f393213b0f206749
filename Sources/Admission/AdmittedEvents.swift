public import SegmentModel

/// The events of good lines in their binary form, with the lines they stood in: what the log takes.
public struct AdmittedEvents: Equatable, Sendable {
    /// The binary forms, one after the other.
    public private(set) var bytes: [UInt8] = []
    private var places: [Place] = []

    private struct Place: Equatable, Sendable {
        var line: Int
        /// Where in the bytes the event ends.
        var end: Int
        var hasCustomFields: Bool
    }

    public init() {}

    public init(_ events: some Sequence<AdmittedEvent>) {
        for event in events { append(event) }
    }

    /// Adds an event.
    public mutating func append(_ event: AdmittedEvent) {
        event.form.withUnsafeBytes { append($0, line: event.line, hasCustomFields: event.hasCustomFields) }
    }

    /// Adds an event in its binary form.
    mutating func append(_ form: UnsafeRawBufferPointer, line: Int, hasCustomFields: Bool) {
        bytes.append(contentsOf: form)
        places.append(Place(line: line, end: bytes.count, hasCustomFields: hasCustomFields))
    }

    /// Adds the events of later lines.
    public mutating func append(_ more: AdmittedEvents) {
        guard !isEmpty else {
            self = more
            return
        }
        let size = bytes.count
        bytes += more.bytes
        places += more.places.lazy.map { place in
            Place(line: place.line, end: size + place.end, hasCustomFields: place.hasCustomFields)
        }
    }

    /// Where in the bytes an event stands.
    public func range(at position: Int) -> Range<Int> {
        (position == 0 ? 0 : places[position - 1].end)..<places[position].end
    }

    /// The events that give values to custom fields, with their positions.
    public var eventsWithFields: [(position: Int, event: AdmittedEvent)] {
        places.indices.filter { places[$0].hasCustomFields }.map { ($0, self[$0]) }
    }
}

extension AdmittedEvents: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }

    public subscript(position: Int) -> AdmittedEvent {
        AdmittedEvent(
            line: places[position].line, form: bytes[range(at: position)],
            hasCustomFields: places[position].hasCustomFields)
    }
}

/// An event in its binary form, with the line it stood in.
public struct AdmittedEvent: Equatable, Sendable {
    /// Number of the line from 1; of an element of a batch, its index + 1.
    public let line: Int
    let form: ArraySlice<UInt8>
    let hasCustomFields: Bool

    init(line: Int, form: ArraySlice<UInt8>, hasCustomFields: Bool) {
        self.line = line
        self.form = form
        self.hasCustomFields = hasCustomFields
    }

    public init(line: Int, event: Event) {
        self.init(line: line, form: event.encoded[...], hasCustomFields: event.fact.hasCustomFields)
    }

    /// The event itself. Cost: some microseconds. Throws for no event that was admitted.
    public var event: Event {
        get throws(EventDecodingError) { try Event(decoding: Array(form)) }
    }
}

extension Fact {
    fileprivate var hasCustomFields: Bool {
        guard case .contactChanged(let change) = self else { return false }
        return change.attributes.contains { attribute in
            guard case .custom = attribute.key else { return false }
            return true
        }
    }
}

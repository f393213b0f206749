/// Turns a file of another form into events, piece by piece.
///
/// In: the file's bytes, cut anywhere. Out: lines of NDJSON as the daemon takes them, each with its place in the file,
/// and a problem for each row that makes no event. How the file is cut changes nothing in what comes out. Pure: no
/// clock, no I/O; the same file gives the same bytes, so that handing it in again brings duplicates only.
public protocol EventConversion: Sendable {
    /// Whether places are numbers of elements in a list, and not lines of the file.
    var countsElements: Bool { get }

    /// Takes the next bytes, and adds what they make complete. Throws if the file as a whole cannot be read.
    mutating func convert(_ bytes: UnsafeRawBufferPointer, into events: inout ConvertedEvents) throws(ImportError)

    /// Adds what is left at the end of the file.
    mutating func finish(into events: inout ConvertedEvents) throws(ImportError)
}

/// What a piece of a file became.
public struct ConvertedEvents: Equatable, Sendable {
    /// NDJSON: an event on each line.
    public internal(set) var bytes: [UInt8] = []
    /// For each line of `bytes` where in the file it comes from; never falling.
    public internal(set) var places: [Int] = []
    /// What makes no event, in the order of the file.
    public internal(set) var problems: [ImportProblem] = []
    /// Everything in the file up to here is among these events, those before them, or the problems.
    public internal(set) var lastPlace = 0

    public init() {}

    /// Whether nothing was read since the last one was taken.
    public var isEmpty: Bool { places.isEmpty && problems.isEmpty }

    /// Hands out what there is and begins anew.
    public mutating func take() -> ConvertedEvents {
        defer {
            bytes = []
            places = []
            problems = []
        }
        return self
    }
}

/// Why a row, or an element, makes no event.
public struct ImportProblem: Error, Equatable, Sendable {
    /// The line of a file of rows, the element of a JSON list; from 1.
    public var place: Int
    /// RFC 6901 pointer into the element, for JSON.
    public var pointer: String?
    /// A word that stays the same for ever; an open set.
    public var code: String
    /// A sentence: what is wrong, where, and what is expected.
    public var message: String

    public init(place: Int, pointer: String? = nil, code: String, message: String) {
        self.place = place
        self.pointer = pointer
        self.code = code
        self.message = message
    }
}

/// Why a file or its mapping cannot be used at all.
public struct ImportError: Error, Equatable, Sendable {
    /// RFC 6901 pointer into the mapping, where the mapping is at fault.
    public var pointer: String?
    /// A sentence: what is wrong, and what to do.
    public var message: String

    public init(_ message: String, pointer: String? = nil) {
        self.message = message
        self.pointer = pointer
    }
}

/// What is wrong with one value of a row or element, before its place is known.
struct Fault: Error, Equatable {
    var code: String
    var message: String
    var pointer: String?

    init(_ code: String, _ message: String, pointer: String? = nil) {
        self.code = code
        self.message = message
        self.pointer = pointer
    }

    func problem(at place: Int) -> ImportProblem {
        ImportProblem(place: place, pointer: pointer, code: code, message: message)
    }
}

/// A text from outside in typographic quotes, cut to a bound.
func quoted(_ text: some StringProtocol) -> String {
    let charactersMax = 60
    return "“" + text.prefix(charactersMax) + (text.count > charactersMax ? "…”" : "”")
}

import Admission
import SegmentModel

/// A line of NDJSON with a good envelope around some data.
func eventLine(
    _ type: String, _ data: String, id: String = "e1", source: String = "shop", rest: String = ""
) -> String {
    #"{"specversion":"1.0","type":"\#(type)","source":"\#(source)","id":"\#(id)"\#(rest),"data":\#(data)}"#
}

/// An `order.placed` whose data has more or other members behind the required ones.
func orderLine(_ rest: String = "", total: String = "10") -> String {
    eventLine("order.placed", #"{"order":"o1","contact":"c1","store":"s1","currency":"GBP","total":\#(total)\#(rest)}"#)
}

/// A `contact.changed` of contact c1.
func contactLine(_ rest: String) -> String {
    eventLine("contact.changed", #"{"contact":"c1",\#(rest)}"#)
}

/// What becomes of one line on its own.
func decode(_ line: String) -> Result<Event, Rejection> {
    decode(Array(line.utf8))
}

func decode(_ line: [UInt8]) -> Result<Event, Rejection> {
    var events = AdmittedEvents()
    let rejection = line.withUnsafeBytes { EventDecoder().read($0, line: 1, into: &events) }
    if let rejection { return .failure(rejection) }
    guard let event = try? events[0].event else {
        return .failure(Rejection(line: 1, pointer: "", code: .invalidJSON, message: "What was admitted is no event."))
    }
    return .success(event)
}

/// Everything that comes out of a stream, fed in chunks whose sizes `chunkSize` gives.
func admit(
    _ stream: [UInt8], firstLine: Int = 1, maxEvents: Int = 100, chunkSize: () -> Int
) -> AdmittedBatch {
    let admission = NDJSONAdmission(firstLine: firstLine)
    var all = AdmittedBatch()
    var rest = stream[...]
    while !rest.isEmpty {
        let chunk = rest.prefix(chunkSize())
        rest = rest.dropFirst(chunk.count)
        admission.feed(Array(chunk))
        while let batch = admission.next(maxEvents: maxEvents) { all.append(batch) }
    }
    all.append(admission.finish())
    return all
}

func admit(_ stream: String) -> AdmittedBatch {
    admit(Array(stream.utf8)) { Int.max }
}

extension AdmittedBatch {
    mutating func append(_ other: AdmittedBatch) {
        events.append(other.events)
        rejections += other.rejections
        lineCount += other.lineCount
    }
}

extension Result {
    var rejection: Failure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}

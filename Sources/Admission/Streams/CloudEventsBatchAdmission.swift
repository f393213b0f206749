/// Turns a body of `application/cloudevents-batch+json`, an array of events, into events and rejections.
public final class CloudEventsBatchAdmission {
    private let decoder = EventDecoder()

    public init() {}

    /// Reads the whole body, element by element.
    ///
    /// A bad element is rejected with line = index + 1 and a pointer that begins with its index. A body that is no array,
    /// or an array that does not hold together to its end, is an error as a whole: nothing of it is admitted, since a
    /// part of it may be missing. Bounds: `AdmissionLimits.bodyBytesMax` and `batchEventsMax`.
    public func admit(_ body: UnsafeRawBufferPointer) throws(JSONDocumentError) -> AdmittedBatch {
        guard body.count <= AdmissionLimits.bodyBytesMax else {
            throw JSONDocumentError(
                in: body, offset: 0,
                message: "the body has \(body.count) bytes; at most \(AdmissionLimits.bodyBytesMax) are taken")
        }
        var elements = ArrayElements(body)
        let ranges = try elements.ranges()
        var batch = AdmittedBatch()
        batch.lineCount = ranges.count
        for (index, range) in ranges.enumerated() {
            let element = UnsafeRawBufferPointer(rebasing: body[range])
            if var rejection = decoder.read(element, line: index + 1, into: &batch.events) {
                rejection.pointer = "/\(index)" + rejection.pointer
                batch.rejections.append(rejection)
            }
        }
        return batch
    }

    /// Reads the whole body, element by element.
    public func admit(_ body: [UInt8]) throws(JSONDocumentError) -> AdmittedBatch {
        try body.withUnsafeBufferPointer { (buffer) throws(JSONDocumentError) in
            try admit(UnsafeRawBufferPointer(buffer))
        }
    }
}

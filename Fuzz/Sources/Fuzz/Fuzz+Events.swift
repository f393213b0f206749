import Admission
import SegmentModel

extension Fuzz {
    /// NDJSON: however the bytes come in pieces, the same events and rejections come out, and each event keeps.
    @Sendable static func lines(_ bytes: UnsafeRawBufferPointer) {
        let whole = NDJSONAdmission()
        whole.feed(bytes)
        let expected = whole.finish()
        let cut = NDJSONAdmission()
        var found = AdmittedBatch()
        let size = max(1, Int(bytes.first ?? 1))
        for start in stride(from: 0, to: bytes.count, by: size) {
            cut.feed(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + size, bytes.count)]))
            while let more = cut.next(maxEvents: 3) { found.add(more) }
        }
        found.add(cut.finish())
        require(found == expected, "the size of the pieces shows in what is admitted")
        check(expected, prefix: "")
    }

    /// A CloudEvents batch.
    @Sendable static func batch(_ bytes: UnsafeRawBufferPointer) {
        guard let batch = try? CloudEventsBatchAdmission().admit(bytes) else { return }
        check(batch, prefix: "/")
    }

    private static func check(_ batch: AdmittedBatch, prefix: String) {
        require(batch.events.count + batch.rejections.count <= batch.lineCount, "a line counts once")
        for rejection in batch.rejections {
            require(!rejection.code.isEmpty && !rejection.message.isEmpty, "a rejection says why")
            require((1...max(1, batch.lineCount)).contains(rejection.line), "a rejection names its line")
            require(rejection.pointer.hasPrefix(prefix), "a rejection names its element")
        }
        for admitted in batch.events {
            guard let event = try? admitted.event, let again = try? Event(decoding: event.encoded) else {
                return require(false, "an admitted event cannot be read back")
            }
            require(again == event && again.encoded == event.encoded, "an admitted event changes when it is stored")
        }
    }

    /// The binary form: what can be read is exactly what would be written.
    @Sendable static func event(_ bytes: UnsafeRawBufferPointer) {
        guard let event = try? Event(decoding: bytes) else { return }
        require(event.encoded.elementsEqual(bytes), "an event has two binary forms")
        let line = Array(event.json.text.utf8)
        let admission = NDJSONAdmission()
        admission.feed(line)
        _ = admission.finish()
    }
}

extension AdmittedBatch {
    fileprivate mutating func add(_ more: AdmittedBatch) {
        events.append(more.events)
        rejections += more.rejections
        lineCount += more.lineCount
    }
}

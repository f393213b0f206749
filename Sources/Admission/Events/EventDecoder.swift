import SegmentModel

enum EnvelopeMember: Int, MemberKey {
    case specversion, id, source, type, time, data

    static let table = MemberTable<EnvelopeMember>()
}

/// One JSON object of CloudEvents 1.0 in, the binary form of one event or one exact rejection out.
///
/// The memory of a parse is kept for the next one; use one decoder per task and not one per event. Cost: one pass over
/// the bytes, and one over what they say; nothing is allocated for an ordinary event.
public final class EventDecoder {
    private let parser = JSONParser()
    private var form = EventWriter()

    public init() {}

    /// Reads one event from a line or element and adds it to others.
    ///
    /// - Parameters:
    ///   - bytes: the JSON, without a line end.
    ///   - line: what the event, or the rejection, will name.
    ///   - isUnterminated: the line has no line end; if its JSON is not complete it was cut off.
    /// - Returns: why there is no event.
    public func read(
        _ bytes: UnsafeRawBufferPointer, line: Int, isUnterminated: Bool = false, into events: inout AdmittedEvents
    ) -> Rejection? {
        guard bytes.count <= AdmissionLimits.lineBytesMax else {
            return EventDecoder.tooLong(line: line)
        }
        let tokens: JSONTokens
        do throws(JSONSyntaxError) { tokens = try parser.parse(bytes) } catch {
            return EventDecoder.rejection(error, line: line, isUnterminated: isUnterminated)
        }
        form.removeAll()
        do throws(Refusal) {
            let hasCustomFields = try tokens.event(to: &form)
            events.append(form.bytes, line: line, hasCustomFields: hasCustomFields)
            return nil
        } catch {
            return tokens.rejection(error, line: line)
        }
    }

    static func tooLong(line: Int) -> Rejection {
        Rejection(
            line: line, pointer: "", code: .lineTooLong,
            message: "The line has more than \(AdmissionLimits.lineBytesMax) bytes, which is the most that is taken.")
    }

    private static func rejection(_ error: JSONSyntaxError, line: Int, isUnterminated: Bool) -> Rejection {
        let place = "at byte \(error.offset)"
        if isUnterminated && error.isAtEnd {
            return Rejection(
                line: line, pointer: "", code: .incompleteLine,
                message:
                    "The last line ends in the middle, \(place), and has no line end: it was cut off. Send it again.")
        }
        let (code, message): (RejectionCode, String) =
            switch error.kind {
            case .encoding: (.invalidUTF8, "The line is not valid UTF-8, \(place).")
            case .depth:
                (.tooDeep, "The line is nested more than \(AdmissionLimits.depthMax) levels deep, \(place).")
            case .grammar, .memory: (.invalidJSON, "The line is not JSON: \(error.message), \(place).")
            }
        return Rejection(line: line, pointer: "", code: code, message: message)
    }
}

extension JSONTokens {
    /// Writes the event's form.
    ///
    /// - Returns: whether it gives values to custom fields.
    fileprivate func event(to form: inout EventWriter) throws(Refusal) -> Bool {
        let (members, extensions) = try envelope()
        try checkVersion(required(.specversion, in: members))
        let id = try identifier(at: required(.id, in: members))
        let source = try identifier(at: required(.source, in: members))
        let typeToken = try required(.type, in: members)
        let time = try optional(.time, in: members).map { (token) throws(Refusal) in try instant(at: token) }
        let data = try required(.data, in: members)
        let type = try eventType(at: typeToken)
        form.byte(EventFormat.version)
        let bits = form.size
        form.byte(time == nil ? 0 : EventFormat.hasTime)
        form.byte(type.rawValue)
        form.text(source)
        form.text(id)
        if let time { form.instant(time) }
        let start = form.size
        let hasCustomFields = try fact(of: type, at: data, to: &form)
        if !extensions.isEmpty {
            let end = form.size
            try extensionAttributes(extensions, to: &form)
            if form.size > end {
                form.set(EventFormat.hasExtensions, at: bits)
                // They are read last and stand first.
                form.move(from: end, to: start)
            }
        }
        return hasCustomFields
    }

    private func checkVersion(_ index: Int) throws(Refusal) {
        let version = self[index]
        guard version.kind == .string, version.text.equals("1.0") else {
            throw Refusal(
                index, .unsupportedSpecversion,
                "The specversion is \(described(index)); the text \"1.0\" is expected.")
        }
    }

    /// The members that every event has, and the keys of all others.
    private func envelope() throws(Refusal) -> (Members<EnvelopeMember>, [Int]) {
        guard self[JSONTokens.root].kind == .object else {
            throw wrongType(JSONTokens.root, expected: "a CloudEvents object")
        }
        var members = Members<EnvelopeMember>(object: JSONTokens.root)
        var others: [Int] = []
        let end = next(after: JSONTokens.root)
        var key = JSONTokens.root + 1
        while key < end {
            if let position = EnvelopeMember.table.position(of: self[key].text) {
                guard members.note(position, value: key + 1) else { throw repeatedKey(key) }
            } else {
                let value = self[key + 1]
                guard !self[key].text.equals("data_base64") || value.kind == .null else {
                    throw Refusal(key, .unknownKey, "\"data_base64\" is not taken; send \"data\" as a JSON object.")
                }
                others.append(key)
            }
            key = next(after: key + 1)
        }
        return (members, others)
    }

    /// Unknown attributes of the envelope, kept in the order of their names.
    private func extensionAttributes(_ keys: [Int], to form: inout EventWriter) throws(Refusal) {
        guard keys.count <= AdmissionLimits.extensionsMax else {
            throw Refusal(
                JSONTokens.root, .tooMany,
                "The event has \(keys.count) unknown attributes; at most \(AdmissionLimits.extensionsMax) are kept.")
        }
        let sorted = keys.sorted { self[$0].text.lexicographicallyPrecedes(self[$1].text) }
        if let key = firstRepeated(in: sorted) { throw repeatedKey(key) }
        let kept = sorted.count { self[$0 + 1].kind != .null }
        if kept > 0 { form.count(kept) }
        for key in sorted {
            let name = try name(at: key, kind: "an attribute's name", bytesMax: AdmissionLimits.nameBytesMax)
            guard self[key + 1].kind != .null else { continue }
            form.text(name)
            do { form.json(try value(at: key + 1, isSorted: true)) } catch {
                throw repeatedKey(error.token)
            }
        }
    }

    private func eventType(at index: Int) throws(Refusal) -> EventCode {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "the text of an event type") }
        guard let type = EventCode.admitted.first(where: { token.text.equals($0.type) }) else {
            throw unknownType(index)
        }
        return type
    }

    /// - Returns: whether it gives values to custom fields.
    private func fact(of type: EventCode, at data: Int, to form: inout EventWriter) throws(Refusal) -> Bool {
        switch type {
        case .contactChanged: return try contactChange(at: data, to: &form)
        case .contactErased: try erasedContact(at: data, to: &form)
        case .orderPlaced, .orderChanged: try orderState(at: data, to: &form)
        case .orderCancelled: try cancelledOrder(at: data, to: &form)
        case .orderRefunded: try refund(at: data, to: &form)
        case .integrationConnected: try integrationConnection(at: data, to: &form)
        case .integrationDisconnected: try disconnectedIntegration(at: data, to: &form)
        case .campaignSent, .campaignOpened, .campaignClicked, .campaignBounced:
            try campaignActivity(at: data, to: &form)
        case .activityRecorded: try recordedActivity(at: data, to: &form)
        case .hole: preconditionFailure("no source sends the type of a hole")
        }
        return false
    }

    private func unknownType(_ index: Int) -> Refusal {
        let text = self[index].text
        let names = EventCode.admitted.map(\.type.description)
        let nearest = text.count <= 100 ? NameSuggestion.nearest(to: self[index].string, among: names) : nil
        let advice = nearest.map { "Did you mean \"\($0)\"?" } ?? "Known are: " + names.joined(separator: ", ") + "."
        return Refusal(index, .unknownType, "\(quoted(text)) is not a known event type. " + advice)
    }

    /// A refusal with its place, and with the names of the event as far as they can be read.
    fileprivate func rejection(_ refusal: Refusal, line: Int) -> Rejection {
        var pointer = pointer(to: refusal.token)
        if let missing = refusal.missing { pointer += "/" + missing }
        return Rejection(
            line: line, pointer: pointer, code: refusal.code, message: refusal.message,
            source: readableName("source"), id: readableName("id"))
    }

    private func readableName(_ name: StaticString) -> String? {
        guard self[JSONTokens.root].kind == .object else { return nil }
        let found = keys(of: JSONTokens.root).filter { self[$0].text.equals(name) }
        guard found.count == 1, let key = found.first else { return nil }
        return (try? identifier(at: key + 1)).map { String(decoding: $0, as: UTF8.self) }
    }
}

public import SegmentModel

enum EnvelopeMember: Int, MemberKey {
    case specversion, id, source, type, time, data

    static let table = MemberTable<EnvelopeMember>()
}

/// One JSON object of CloudEvents 1.0 in, one event or one exact rejection out.
///
/// The memory of a parse is kept for the next one; use one decoder per task and not one per event. Cost: one pass over
/// the bytes; strings are made only of what the event stores.
public final class EventDecoder {
    private let parser = JSONParser()

    public init() {}

    /// Reads one event from a line or element.
    ///
    /// - Parameters:
    ///   - bytes: the JSON, without a line end.
    ///   - line: what the rejection will name.
    ///   - isUnterminated: the line has no line end; if its JSON is not complete it was cut off.
    public func decode(
        _ bytes: UnsafeRawBufferPointer, line: Int, isUnterminated: Bool = false
    ) -> Result<Event, Rejection> {
        guard bytes.count <= AdmissionLimits.lineBytesMax else {
            return .failure(EventDecoder.tooLong(line: line))
        }
        let tokens: JSONTokens
        do throws(JSONSyntaxError) { tokens = try parser.parse(bytes) } catch {
            return .failure(EventDecoder.rejection(error, line: line, isUnterminated: isUnterminated))
        }
        do throws(Refusal) {
            return .success(try tokens.event())
        } catch {
            return .failure(tokens.rejection(error, line: line))
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
    fileprivate func event() throws(Refusal) -> Event {
        let (members, extensions) = try envelope()
        let version = self[try required(.specversion, in: members)]
        guard version.kind == .string, version.text.equals("1.0") else {
            throw Refusal(
                try required(.specversion, in: members), .unsupportedSpecversion,
                "The specversion is \(described(try required(.specversion, in: members))); the text \"1.0\" is expected."
            )
        }
        let id = try identifier(.id, in: members)
        let source = try identifier(.source, in: members)
        let type = try required(.type, in: members)
        let time = try optional(.time, in: members).map { (token) throws(Refusal) in try instant(at: token) }
        let data = try required(.data, in: members)
        let fact = try fact(ofType: type, at: data)
        return Event(
            source: source, id: id, time: time, extensions: try extensionAttributes(extensions), fact: fact)
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
                others.append(key)
            }
            key = next(after: key + 1)
        }
        return (members, others)
    }

    /// Unknown attributes of the envelope, kept in the order of their names.
    private func extensionAttributes(_ keys: [Int]) throws(Refusal) -> [ExtensionAttribute] {
        guard !keys.isEmpty else { return [] }
        guard keys.count <= AdmissionLimits.extensionsMax else {
            throw Refusal(
                JSONTokens.root, .tooMany,
                "The event has \(keys.count) unknown attributes; at most \(AdmissionLimits.extensionsMax) are kept.")
        }
        let sorted = keys.sorted { self[$0].text.lexicographicallyPrecedes(self[$1].text) }
        if let key = firstRepeated(in: sorted) { throw repeatedKey(key) }
        var attributes: [ExtensionAttribute] = []
        for key in sorted {
            let name = try name(at: key, kind: "an attribute's name", bytesMax: AdmissionLimits.nameBytesMax)
            guard name != "data_base64" else {
                throw Refusal(key, .unknownKey, "\"data_base64\" is not taken; send \"data\" as a JSON object.")
            }
            guard self[key + 1].kind != .null else { continue }
            do {
                attributes.append(ExtensionAttribute(name: name, value: try value(at: key + 1, isSorted: true)))
            } catch {
                throw repeatedKey(error.token)
            }
        }
        return attributes
    }

    private func fact(ofType index: Int, at data: Int) throws(Refusal) -> Fact {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "the text of an event type") }
        guard let type = EventType(token.text) else { throw unknownType(index) }
        switch type {
        case .contactChanged: return .contactChanged(try contactChange(at: data))
        case .contactErased: return .contactErased(contact: try erasedContact(at: data))
        case .orderPlaced: return .orderPlaced(try orderState(at: data))
        case .orderChanged: return .orderChanged(try orderState(at: data))
        case .orderCancelled: return .orderCancelled(try cancelledOrder(at: data))
        case .orderRefunded: return .orderRefunded(try refund(at: data))
        case .integrationConnected: return .integrationConnected(try integrationConnection(at: data))
        case .integrationDisconnected:
            return .integrationDisconnected(integration: try disconnectedIntegration(at: data))
        case .campaignSent: return .campaignActivity(try campaignActivity(.sent, at: data))
        case .campaignOpened: return .campaignActivity(try campaignActivity(.opened, at: data))
        case .campaignClicked: return .campaignActivity(try campaignActivity(.clicked, at: data))
        case .campaignBounced: return .campaignActivity(try campaignActivity(.bounced, at: data))
        case .activityRecorded: return .activityRecorded(try recordedActivity(at: data))
        }
    }

    private func unknownType(_ index: Int) -> Refusal {
        let text = self[index].text
        let names = EventType.allCases.map(\.rawValue)
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
        return (try? identifier(at: key + 1))?.text
    }
}

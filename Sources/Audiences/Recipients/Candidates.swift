internal import SegmentEngine
internal import SegmentModel

/// Members in the order of their ids' bytes, with what decides whether they may be sent something.
struct Candidates {
    struct Candidate {
        var contact: [UInt8] = []
        var email: [UInt8] = []
        var isSubscribed = false

        var member: Member { Member(contact: contact, email: email) }
    }

    private var rows: MemberRows
    private var slice: [Candidate] = []
    private var position = 0

    private static let columns: [MemberColumn] = [.contact, .email, .status]
    private static let sliceRows = 1_024

    init(_ members: MemberSet, of snapshot: EngineSnapshot) {
        rows = snapshot.rows(of: members, columns: Self.columns)
    }

    /// The next member; nil at the end.
    mutating func next() -> Candidate? {
        if position == slice.count { makeSlice() }
        guard position < slice.count else { return nil }
        defer { position += 1 }
        return slice[position]
    }

    private mutating func makeSlice() {
        slice.removeAll(keepingCapacity: true)
        position = 0
        var candidate = Candidate()
        var column = 0
        _ = rows.next(Self.sliceRows) { cell in
            switch column {
            case 0: candidate.contact = cell.bytes
            case 1: candidate.email = cell.bytes
            default:
                let status = cell.bytes
                candidate.isSubscribed = status.isEmpty || status == Self.subscribed
                slice.append(candidate)
            }
            column = (column + 1) % Self.columns.count
        }
    }

    private static let subscribed = Array(ContactStatus.subscribed.rawValue.utf8)
}

extension MemberCell {
    /// The bytes of a text; none of anything else.
    fileprivate var bytes: [UInt8] {
        switch self {
        case .text(let bytes): Array(bytes)
        case .value(.text(let text)): Array(text.utf8)
        case .blank, .value, .money: []
        }
    }
}

extension Member {
    init(contact: [UInt8], email: [UInt8]) {
        self.init(
            contact: Identifier(String(decoding: contact, as: UTF8.self)),
            email: email.isEmpty ? nil : String(decoding: email, as: UTF8.self))
    }
}

import SegmentModel

enum OrderMember: Int, MemberKey {
    case order, contact, store, currency, total, status, placedAt, test, lines

    static let table = MemberTable<OrderMember>()
}

enum LineMember: Int, MemberKey {
    case product, quantity, price, variant, title, vendor, category

    static let table = MemberTable<LineMember>()
}

enum CancellationMember: Int, MemberKey {
    case store, order

    static let table = MemberTable<CancellationMember>()
}

enum RefundMember: Int, MemberKey {
    case refund, contact, currency, amount, store, order

    static let table = MemberTable<RefundMember>()
}

extension JSONTokens {
    func orderState(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: OrderMember.self)
        let bits = form.size
        form.byte(0)
        let status = form.size
        form.byte(0)
        try identifier(.store, in: members, to: &form)
        try identifier(.order, in: members, to: &form)
        try identifier(.contact, in: members, to: &form)
        try currency(at: required(.currency, in: members), to: &form)
        try amount(.total, in: members, to: &form)
        form.set(try orderStatus(in: members).code, at: status)
        if let token = optional(.placedAt, in: members) {
            form.set(EventFormat.orderHasPlacedAt, at: bits)
            form.instant(try instant(at: token))
        }
        if let token = optional(.test, in: members), try boolean(at: token) {
            form.set(EventFormat.orderIsTest, at: bits)
        }
        guard let lines = optional(.lines, in: members) else { return form.count(0) }
        try list(at: lines, max: AdmissionLimits.orderLinesMax, of: "lines", to: &form) {
            (line, form) throws(Refusal) in try orderLine(at: line, to: &form)
        }
    }

    private func orderStatus(in members: Members<OrderMember>) throws(Refusal) -> OrderStatus {
        guard let token = optional(.status, in: members) else { return .placed }
        return try choice(at: token, of: OrderStatus.self)
    }

    private func orderLine(at index: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: index, as: LineMember.self)
        let bits = form.size
        form.byte(0)
        try identifier(.product, in: members, to: &form)
        if let token = optional(.variant, in: members) {
            form.set(EventFormat.lineHasVariant, at: bits)
            form.text(try identifier(at: token))
        }
        try lineText(.title, flag: EventFormat.lineHasTitle, at: bits, in: members, to: &form)
        try lineText(.vendor, flag: EventFormat.lineHasVendor, at: bits, in: members, to: &form)
        try lineText(.category, flag: EventFormat.lineHasCategory, at: bits, in: members, to: &form)
        try amount(.quantity, in: members, to: &form)
        try amount(.price, in: members, to: &form)
    }

    private func lineText(
        _ key: LineMember, flag: UInt8, at bits: Int, in members: Members<LineMember>, to form: inout EventWriter
    ) throws(Refusal) {
        guard let token = optional(key, in: members) else { return }
        form.set(flag, at: bits)
        try text(at: token, to: &form)
    }

    func cancelledOrder(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: CancellationMember.self)
        try identifier(.store, in: members, to: &form)
        try identifier(.order, in: members, to: &form)
    }

    func refund(at data: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: data, as: RefundMember.self)
        let bits = form.size
        form.byte(0)
        try identifier(.refund, in: members, to: &form)
        try identifier(.contact, in: members, to: &form)
        try currency(at: required(.currency, in: members), to: &form)
        try amount(.amount, in: members, to: &form)
        let store = optional(.store, in: members)
        if let store {
            form.set(EventFormat.refundHasStore, at: bits)
            form.text(try identifier(at: store))
        }
        guard let order = optional(.order, in: members) else { return }
        form.set(EventFormat.refundHasOrder, at: bits)
        form.text(try identifier(at: order))
        guard store != nil else {
            throw Refusal(
                data, .missingStore, "\"order\" needs \"store\": an order is known by its store and its number.",
                missing: "store")
        }
    }
}

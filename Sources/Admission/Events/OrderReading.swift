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
    func orderState(at data: Int) throws(Refusal) -> OrderState {
        let members = try members(of: data, as: OrderMember.self)
        let key = OrderKey(store: try identifier(.store, in: members), order: try identifier(.order, in: members))
        var state = OrderState(
            key: key, contact: try identifier(.contact, in: members),
            currency: try currency(at: required(.currency, in: members)), total: try amount(.total, in: members))
        if let token = optional(.status, in: members) { state.status = try choice(at: token, of: OrderStatus.self) }
        if let token = optional(.placedAt, in: members) { state.placedAt = try instant(at: token) }
        if let token = optional(.test, in: members) { state.isTest = try boolean(at: token) }
        if let token = optional(.lines, in: members) {
            state.lines = try list(at: token, max: AdmissionLimits.orderLinesMax, of: "lines") {
                (line) throws(Refusal) in try orderLine(at: line)
            }
        }
        return state
    }

    private func orderLine(at index: Int) throws(Refusal) -> OrderLine {
        let members = try members(of: index, as: LineMember.self)
        return OrderLine(
            product: try identifier(.product, in: members), variant: try optionalIdentifier(.variant, in: members),
            title: try optionalText(.title, in: members), vendor: try optionalText(.vendor, in: members),
            category: try optionalText(.category, in: members), quantity: try amount(.quantity, in: members),
            price: try amount(.price, in: members))
    }

    func cancelledOrder(at data: Int) throws(Refusal) -> OrderKey {
        let members = try members(of: data, as: CancellationMember.self)
        return OrderKey(store: try identifier(.store, in: members), order: try identifier(.order, in: members))
    }

    func refund(at data: Int) throws(Refusal) -> Refund {
        let members = try members(of: data, as: RefundMember.self)
        let refund = Refund(
            refund: try identifier(.refund, in: members), contact: try identifier(.contact, in: members),
            currency: try currency(at: required(.currency, in: members)), amount: try amount(.amount, in: members),
            store: try optionalIdentifier(.store, in: members), order: try optionalIdentifier(.order, in: members))
        if refund.order != nil, refund.store == nil {
            throw Refusal(
                data, .missingStore, "\"order\" needs \"store\": an order is known by its store and its number.",
                missing: "store")
        }
        return refund
    }
}

import SegmentModel

/// Orders or customers of a shop, as its webhooks and its API send them, as events.
public struct ShopConversion: EventConversion {
    private let format: ShopFormat
    private let options: ShopOptions
    private let firstPlace: Int
    private var elements: JSONElements
    private var writer: ShopWriter
    private var isBegun = false

    /// - Parameter firstPlace: elements before that place are passed over.
    public init(_ format: ShopFormat, options: ShopOptions, firstPlace: Int = 1) {
        self.format = format
        self.options = options
        self.firstPlace = firstPlace
        elements = JSONElements(wrappers: format.wrappers)
        writer = ShopWriter(options)
    }

    public var countsElements: Bool { elements.isList }

    public mutating func convert(
        _ bytes: UnsafeRawBufferPointer, into events: inout ConvertedEvents
    ) throws(ImportError) {
        if !isBegun { begin(&events) }
        for finding in elements.feed(bytes) {
            events.lastPlace = finding.place
            guard finding.place >= firstPlace else { continue }
            do throws(Fault) {
                try write(finding, &events)
            } catch {
                events.problems.append(error.problem(at: finding.place))
            }
        }
    }

    private mutating func write(_ finding: JSONElements.Finding, _ events: inout ConvertedEvents) throws(Fault) {
        switch finding {
        case .element(let bytes, let place):
            try writer.write(try Self.element(bytes, format), format, place: place, to: &events)
        case .stray: throw Fault("wrong_type", "There is something that is no JSON object; an object is expected.")
        case .tooLong: throw Fault("too_long", "The object has more than \(JSONElements.elementBytesMax) bytes.")
        }
    }

    public mutating func finish(into events: inout ConvertedEvents) throws(ImportError) {
        if !isBegun { begin(&events) }
        guard elements.isOpen else { return }
        let place = max(elements.openPlace, 1)
        events.lastPlace = place
        let fault = Fault("incomplete_line", "The input ends in the middle, after this place: it was cut off.")
        events.problems.append(fault.problem(at: place))
    }

    private mutating func begin(_ events: inout ConvertedEvents) {
        isBegun = true
        if options.connects { writer.connect(format.platform, to: &events) }
    }

    private static func element(_ bytes: [UInt8], _ format: ShopFormat) throws(Fault) -> ShopValue {
        let json: JSONValue
        do { json = try JSONReader.read(bytes) } catch {
            throw Fault("invalid_json", "This is not JSON: \(error.reason), at byte \(error.offset) of the object.")
        }
        if let members = json.members, members.count == 1, let inner = json[format.wrapper], inner.members != nil {
            return ShopValue(json: inner, pointer: "/" + format.wrapper)
        }
        return ShopValue(json: json)
    }
}

/// Writes what one object of a shop says.
struct ShopWriter {
    let options: ShopOptions
    private let sink: EventSink
    /// Contacts whose address was handed in already.
    private var addressed = RecentKeys()

    init(_ options: ShopOptions) {
        self.options = options
        sink = EventSink(source: options.source)
    }

    mutating func write(
        _ object: ShopValue, _ format: ShopFormat, place: Int, to events: inout ConvertedEvents
    ) throws(Fault) {
        switch format {
        case .shopifyOrder: write(try ShopOrder(shopify: object, options), place, &events)
        case .wooCommerceOrder: write(try ShopOrder(wooCommerce: object, options), place, &events)
        case .shopifyCustomer: write(try ShopCustomer(shopify: object, options), place, &events)
        case .wooCommerceCustomer: write(try ShopCustomer(wooCommerce: object, options), place, &events)
        }
    }

    func connect(_ platform: String, to events: inout ConvertedEvents) {
        let connection = IntegrationConnection(
            integration: options.source, platform: platform, stores: [.init(store: options.store)])
        sink.add(
            .integrationConnected(connection), kind: "connection", key: options.source.text, time: nil, place: 1,
            to: &events)
    }

    /// The order, then its refunds, then the contact's address: in this order the contact is first seen with its order.
    private mutating func write(_ order: ShopOrder, _ place: Int, _ events: inout ConvertedEvents) {
        let state = order.state
        sink.add(
            order.isChanged ? .orderChanged(state) : .orderPlaced(state), kind: "order", key: state.key.order.text,
            time: order.changedAt, place: place, to: &events)
        for refund in order.refunds {
            sink.add(
                .orderRefunded(refund.refund), kind: "refund", key: refund.refund.refund.text, time: refund.at,
                place: place, to: &events)
        }
        events.problems += order.faults.map { $0.problem(at: place) }
        guard let email = order.email, options.contact == .id || addressed.insert(state.contact.text) else { return }
        let change = ContactChange(
            contact: state.contact, attributes: [AttributeChange(key: .known(.email), value: .text(email))])
        // Where the address is the id it never changes, and needs no time to be told from an earlier one.
        sink.add(
            .contactChanged(change), kind: "address", key: state.contact.text,
            time: options.contact == .id ? order.changedAt : nil, place: place, to: &events)
    }

    private func write(_ customer: ShopCustomer, _ place: Int, _ events: inout ConvertedEvents) {
        sink.add(
            .contactChanged(customer.change), kind: "customer", key: customer.change.contact.text,
            time: customer.changedAt, place: place, to: &events)
    }
}

extension ShopOptions {
    /// The contact of an object: the customer's number and address, as far as there are any.
    func contactID(number: String?, email: String?) throws(Fault) -> Identifier {
        let address = email?.lowercased()
        guard let id = contact == .id ? number ?? address : address else {
            throw Fault(
                "no_contact",
                contact == .id || number == nil
                    ? "There is neither a customer nor an e-mail address, so it belongs to no contact."
                    : "There is no e-mail address, which is to be the contact's id; --contact id takes the shop's number."
            )
        }
        return Identifier(id)
    }
}

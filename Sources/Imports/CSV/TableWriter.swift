import SegmentModel

/// Makes events from the rows of one file.
struct TableWriter {
    private enum Kind {
        case contacts(ContactRow)
        case orders(OrderRow)
        case orderLines(OrderRow)
    }

    private let mapping: Mapping
    private let header: TableHeader
    private let kind: Kind
    private let time: ColumnReader?
    private let asOf: Instant?
    private let firstPlace: Int
    private let sink: EventSink
    /// The columns that the mapping reads.
    private let indices: [Int]
    /// The order whose lines are being read.
    private var open: OpenOrder?
    /// Orders that were read.
    private var orders = RecentKeys()
    /// The last row could not be told to belong to any order: the next order may lack it.
    private var isOrderUnsure = false
    /// The order of the last row that was passed over.
    private var passedOver: OrderKey?

    init(
        _ mapping: Mapping, _ header: TableHeader, zone: TimeZoneRules, asOf: Instant?, firstPlace: Int
    ) throws(ImportError) {
        let form = ColumnReader.ValueForm(
            decimals: mapping.decimals, dates: mapping.dates, calendar: CalendarRule(zone: zone))
        func readers(_ keys: [(key: String, origin: Mapping.Origin)]) throws(ImportError) -> [ColumnReader] {
            var readers: [ColumnReader] = []
            for (key, origin) in keys {
                readers.append(
                    ColumnReader(key: key, origin: origin, index: try header.index(of: origin), form: form))
            }
            return readers
        }
        let columns = try readers(mapping.columns)
        let lines = try readers(mapping.lines)
        let times = try readers(mapping.time.map { [("time", $0)] } ?? [])
        self.mapping = mapping
        self.header = header
        self.asOf = asOf
        self.firstPlace = firstPlace
        time = times.first
        sink = EventSink(source: Identifier(mapping.source))
        indices = Set((columns + lines + times).compactMap(\.index)).sorted()
        switch mapping.rows {
        case .contact:
            guard let contact = columns.first(where: { $0.key == "contact" }) else {
                throw ImportError("“contact” is missing.", pointer: "/columns/contact")
            }
            kind = .contacts(ContactRow(contact: contact, others: columns.filter { $0.key != "contact" }))
        case .order: kind = .orders(OrderRow(columns: columns, lines: lines))
        case .line: kind = .orderLines(OrderRow(columns: columns + times, lines: lines))
        }
    }

    mutating func take(_ row: CSVReader.Row, _ events: inout ConvertedEvents) {
        do throws(Fault) {
            let cells = try cells(of: row)
            guard row.line >= firstPlace else { return passOver(cells, row, &events) }
            switch kind {
            case .contacts(let contacts): try write(contacts.change(cells), cells, row, &events)
            case .orders(let orders): try write(orders, cells, row, &events)
            case .orderLines(let orders): try add(cells, of: orders, row, &events)
            }
        } catch {
            if row.line >= firstPlace { events.problems.append(error.problem(at: row.line)) }
        }
        if open == nil { events.lastPlace = row.lastLine }
    }

    /// Takes what is no row.
    mutating func takeFault(_ fault: Fault, line: Int, _ events: inout ConvertedEvents) {
        open?.spoil(lastPlace: line)
        isOrderUnsure = true
        if line >= firstPlace { events.problems.append(fault.problem(at: line)) }
        if open == nil { events.lastPlace = line }
    }

    mutating func finish(_ events: inout ConvertedEvents) {
        close(&events)
    }

    /// The texts of the columns that are read, without white space around them.
    private mutating func cells(of row: CSVReader.Row) throws(Fault) -> [String] {
        guard row.cells.count == header.names.count else {
            spoilWhatRowMayBelongTo(row)
            throw raggedRow(row)
        }
        var cells = [String](repeating: "", count: row.cells.count)
        for index in indices {
            guard let text = mapping.encoding.text(row.cells[index]) else {
                spoilWhatRowMayBelongTo(row)
                throw Fault(
                    "invalid_utf8",
                    """
                    Column \(quoted(header.names[index])) is not UTF-8. If the file is from a spreadsheet on Windows, say \
                    "encoding": "windows-1252" in the mapping.
                    """)
            }
            cells[index] = String(text.trimmed)
        }
        return cells
    }

    private mutating func spoilWhatRowMayBelongTo(_ row: CSVReader.Row) {
        open?.spoil(lastPlace: row.lastLine)
        isOrderUnsure = true
    }

    private func raggedRow(_ row: CSVReader.Row) -> Fault {
        let (count, expected) = (row.cells.count, header.names.count)
        let place =
            count < expected
            ? "\(quoted(header.names[count])) is the first column that is missing"
            : "what follows \(quoted(header.names[expected - 1])) has no column"
        return Fault(
            "ragged_row",
            "The row has \(count) cells and the header \(expected): \(place). Is a delimiter inside a cell not quoted?")
    }
}

// MARK: Contacts and orders

extension TableWriter {
    private func instant(_ cells: [String]) throws(Fault) -> Instant? {
        guard let time else { return asOf }
        return try time.required(time.instant(cells))
    }

    private func write(
        _ change: ContactChange, _ cells: [String], _ row: CSVReader.Row, _ events: inout ConvertedEvents
    ) throws(Fault) {
        sink.add(
            .contactChanged(change), kind: "contact", key: change.contact.text, time: try instant(cells),
            place: row.line, to: &events)
    }

    private mutating func write(
        _ orders: OrderRow, _ cells: [String], _ row: CSVReader.Row, _ events: inout ConvertedEvents
    ) throws(Fault) {
        var state = try orders.state(cells)
        if !orders.lines.isEmpty { state.lines = [try orders.line(cells)] }
        guard self.orders.insert(Self.name(of: state.key)) else {
            throw Fault(
                "repeated_order",
                """
                The order \(quoted(state.key.order.text)) stands further up already. If each row is a line of an order, \
                the mapping has to say "rows": "line".
                """)
        }
        add(state, time: try instant(cells), place: row.line, &events)
    }

    private func add(_ state: OrderState, time: Instant?, place: Int, _ events: inout ConvertedEvents) {
        sink.add(
            .orderPlaced(state), kind: "order", key: Self.name(of: state.key), time: time, place: place, to: &events)
    }

    private static func name(of key: OrderKey) -> String { key.store.text + "/" + key.order.text }
}

// MARK: Orders of several lines

extension TableWriter {
    private mutating func passOver(_ cells: [String], _ row: CSVReader.Row, _ events: inout ConvertedEvents) {
        if case .orderLines(let orders) = kind { passedOver = try? orders.key(cells) }
        isOrderUnsure = false
        events.lastPlace = row.lastLine
    }

    private mutating func add(
        _ cells: [String], of orders: OrderRow, _ row: CSVReader.Row, _ events: inout ConvertedEvents
    ) throws(Fault) {
        let key: OrderKey
        do throws(Fault) { key = try orders.key(cells) } catch {
            spoilWhatRowMayBelongTo(row)
            throw error
        }
        if open?.key != key {
            close(&events)
            try begin(key, cells, row)
        }
        isOrderUnsure = false
        try open?.add(cells, of: orders, lastPlace: row.lastLine)
    }

    private mutating func begin(_ key: OrderKey, _ cells: [String], _ row: CSVReader.Row) throws(Fault) {
        var order = OpenOrder(key: key, cells: cells, place: row.line)
        defer { open = order }
        if isOrderUnsure { order.spoil(lastPlace: row.lastLine) }
        guard orders.insert(Self.name(of: key)) else {
            order.spoil(lastPlace: row.lastLine)
            throw Fault(
                "scattered_order",
                """
                The order \(quoted(key.order.text)) has lines further up already, with other orders in between. The lines \
                of an order stand one after the other: sort the file by the order's number.
                """)
        }
        guard passedOver != key else {
            order.spoil(lastPlace: row.lastLine)
            throw Fault(
                "incomplete_order",
                "The order \(quoted(key.order.text)) has lines before the one to begin from; begin from a line further up."
            )
        }
    }

    /// Hands in the order that is open, or says that it is not.
    private mutating func close(_ events: inout ConvertedEvents) {
        guard let order = open, case .orderLines(let orders) = kind else { return }
        open = nil
        events.lastPlace = order.lastPlace
        guard !order.isSpoilt else {
            let fault = Fault(
                "incomplete_order",
                """
                The order \(quoted(order.key.order.text)), lines \(order.firstPlace) to \(order.lastPlace), is not handed \
                in, because one of its lines cannot be.
                """)
            return events.problems.append(fault.problem(at: order.lastPlace))
        }
        do throws(Fault) {
            var state = try orders.state(order.cells)
            state.lines = order.lines
            add(state, time: try instant(order.cells), place: order.firstPlace, &events)
        } catch {
            events.problems.append(error.problem(at: order.firstPlace))
        }
    }
}

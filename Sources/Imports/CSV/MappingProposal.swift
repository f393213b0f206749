public import SegmentModel

/// A mapping guessed from the beginning of a file: a start to be corrected by whoever knows the file.
public struct MappingProposal: Equatable, Sendable {
    /// The mapping; where no column was found for what has to be there, its column is `?`.
    public let json: JSONValue
    /// What is to be looked at before it is used.
    public let notes: [String]

    private static let unknown = "?"

    /// - Parameters:
    ///   - beginning: the header and some rows; a last row that is cut off does no harm.
    ///   - source: the name that events are to have as their source.
    ///   - rows: what a row is; guessed if nil.
    public init(beginning: [UInt8], source: String, rows: Mapping.Rows? = nil) throws(ImportError) {
        let sample = try TableSample(beginning)
        let rows = rows ?? sample.rowKind
        let columns = rows == .contact ? ColumnGuess.contact : ColumnGuess.order
        var taken = Set<String>()
        let found = Self.match(columns, sample, &taken)
        let lines = rows == .contact ? [] : Self.match(ColumnGuess.line, sample, &taken)
        var members: [JSONValue.Member] = [
            .init("rows", .string(rows.rawValue)), .init("source", .string(source)),
            .init("encoding", .string(sample.encoding.rawValue)), .init("delimiter", .string(sample.delimiterText)),
        ]
        let dated = found.filter { MappingKeys.dated.contains($0.key) && $0.key != "birthday" }.map(\.column)
        if let dates = sample.datePattern(in: dated) { members.append(.init("dates", [.string(dates)])) }
        members.append(.init("timezone", "UTC"))
        let numbers = (found + lines).filter { ColumnGuess.amounts.contains($0.key) }.map(\.column)
        let decimals = sample.decimalForm(in: numbers)
        members.append(.init("decimal", .string(String(decimals.sign))))
        if let grouping = decimals.grouping { members.append(.init("grouping", .string(String(grouping)))) }
        let time = sample.column(named: ColumnGuess.time) ?? found.first { $0.key == "placedAt" }?.column
        if let time { members.append(.init("time", .string(time))) }
        members.append(.init("columns", Self.columns(found, rows)))
        if !lines.isEmpty || rows == .line {
            let missing = MappingKeys.requiredOfLine.filter { key in !lines.contains { $0.key == key } }
            members.append(.init("lines", Self.object(lines, missing: missing)))
        }
        json = .object(members)
        notes = Self.notes(sample, taken, time, rows)
    }

    private typealias Match = (key: String, column: String)

    private static func match(
        _ guesses: [(key: String, names: [String])], _ sample: TableSample, _ taken: inout Set<String>
    ) -> [Match] {
        var found: [Match] = []
        for (key, names) in guesses {
            guard let column = sample.column(named: names, butNot: taken) else { continue }
            taken.insert(column)
            found.append((key, column))
        }
        return found
    }

    private static func columns(_ found: [Match], _ rows: Mapping.Rows) -> JSONValue {
        var found = found
        // An address names the contact where nothing else does.
        if !found.contains(where: { $0.key == "contact" }), let email = found.first(where: { $0.key == "email" }) {
            found.insert(("contact", email.column), at: 0)
        }
        var missing = rows == .contact ? ["contact"] : MappingKeys.requiredOfOrder
        missing.removeAll { key in key == "store" || found.contains { $0.key == key } }
        var object = object(found, missing: missing)
        if rows != .contact, !found.contains(where: { $0.key == "store" }), case .object(var members) = object {
            members.append(.init("store", ["constant": "shop"]))
            object = .object(members)
        }
        return object
    }

    private static func object(_ found: [Match], missing: [String]) -> JSONValue {
        .object(
            found.map { match in
                let column = JSONValue.string(match.column)
                let isAddress = match.key == "contact" && ColumnGuess.isAddress(match.column)
                return .init(match.key, isAddress ? ["column": column, "lowercase": true] : column)
            } + missing.map { .init($0, .string(unknown)) })
    }

    private static func notes(
        _ sample: TableSample, _ taken: Set<String>, _ time: String?, _ rows: Mapping.Rows
    ) -> [String] {
        var notes = ["Check the time zone, the form of dates and the decimal sign; replace every “\(unknown)”."]
        if time == nil {
            notes.append("No column says when a row changed: name one under “time”, or import with --as-of INSTANT.")
        } else if rows != .contact {
            notes.append("“time” says when a row last changed; of two versions of an order the later one holds.")
        }
        let left = sample.names.filter { !taken.contains($0) && $0 != time && !$0.isEmpty }
        if !left.isEmpty { notes.append("Not used: " + left.joined(separator: ", ") + ".") }
        return notes
    }
}

/// Names that columns have in files of shops and mail tools, in lower case without marks between words.
enum ColumnGuess {
    static let contact: [(key: String, names: [String])] = [
        ("contact", ["contactid", "customerid", "id", "userid"]), ("email", addresses),
        ("status", ["status", "state", "subscriptionstatus"]),
        ("rating", ["memberrating", "rating"]), ("vip", ["vip"]), ("language", ["language", "locale"]),
        ("country", ["country", "countrycode", "cc"]), ("region", ["region", "province", "provincecode"]),
        ("city", ["city", "town"]), ("zip", ["zip", "zipcode", "postcode", "postalcode"]),
        ("signedUpAt", ["createdat", "optintime", "signedupat", "registered", "dateregistered", "created"]),
        ("birthday", ["birthday", "dateofbirth"]), ("tags", ["tags"]),
    ]
    static let order: [(key: String, names: [String])] = [
        ("order", ["order", "orderid", "ordernumber", "orderno", "name", "invoice", "invoiceno", "number"]),
        ("contact", addresses + ["contact", "customerid", "customer", "contactid"]),
        ("store", ["store", "storeid", "shop"]), ("currency", ["currency", "currencycode"]),
        ("total", ["total", "ordertotal", "totalprice", "grandtotal", "amount"]),
        ("refunded", ["refundedamount", "refunded"]),
        ("status", ["status", "orderstatus", "financialstatus", "state"]),
        ("placedAt", ["placedat", "orderdate", "date", "invoicedate", "createdat", "datecreated", "created"]),
    ]
    static let line: [(key: String, names: [String])] = [
        ("product", ["product", "productid", "lineitemsku", "sku", "stockcode", "article", "articleno"]),
        ("variant", ["variant", "variantid"]),
        ("title", ["title", "producttitle", "description", "lineitemname", "productname", "item"]),
        ("vendor", ["vendor", "brand", "lineitemvendor"]), ("category", ["category", "producttype"]),
        ("quantity", ["quantity", "qty", "lineitemquantity"]), ("price", ["price", "unitprice", "lineitemprice"]),
    ]
    static let time = ["updatedat", "lastchanged", "modified", "datemodified", "changedat", "changed", "lastupdated"]
    static let amounts: Set<String> = ["total", "refunded", "quantity", "price", "rating"]
    private static let addresses = ["email", "emailaddress", "customeremail", "mail", "billingemail"]

    static func isAddress(_ column: String) -> Bool { addresses.contains(plain(column)) }

    /// A name without case and marks: `E-Mail address` is `emailaddress`.
    static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}

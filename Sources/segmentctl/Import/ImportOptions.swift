import ArgumentParser
import Imports
import SegmentModel

/// What a file holds.
enum InputFormat: String, CaseIterable, ExpressibleByArgument {
    case ndjson
    case csv
    case shopifyOrder = "shopify-order"
    case shopifyCustomer = "shopify-customer"
    case wooCommerceOrder = "woocommerce-order"
    case wooCommerceCustomer = "woocommerce-customer"

    /// The shop's format; nil if it is none.
    var shop: ShopFormat? { ShopFormat(rawValue: rawValue) }
}

/// How a file becomes events.
struct ImportOptions: ParsableArguments {
    @Option(help: "What the file holds. Without it: csv if there is a mapping, else ndjson.")
    var format: InputFormat?

    @Option(
        help: ArgumentHelp("csv: the file that says what the columns mean.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var mapping: String?

    @Option(
        help: ArgumentHelp(
            "csv: when what the file says came to hold (RFC 3339), if no column says so.", valueName: "instant"))
    var asOf: String?

    @Option(help: ArgumentHelp("Shops: the source of the events (default: shopify, woocommerce).", valueName: "name"))
    var source: String?

    @Option(help: ArgumentHelp("Shops: the store of the orders (default: the source).", valueName: "name"))
    var store: String?

    @Option(help: "Shops: what becomes the contact's id (default: email; guests by it in either case).")
    var contact: ShopOptions.ContactKey?

    @Flag(help: "Shops: hand in an integration.connected for the source first.")
    var connect = false

    @Option(help: ArgumentHelp("Pass over what stands before that line (element, in a list).", valueName: "number"))
    var fromLine: Int = 1

    /// The format that is meant.
    var chosen: InputFormat { format ?? (mapping == nil ? .ndjson : .csv) }

    func validate() throws {
        if chosen == .csv, mapping == nil {
            throw ValidationError(
                "--format csv needs --mapping FILE, which says what the columns mean. Begin with: segmentctl event "
                    + "mapping FILE")
        }
        if chosen != .csv, mapping != nil || asOf != nil {
            throw ValidationError("--mapping and --as-of go with --format csv.")
        }
        if chosen.shop == nil, source != nil || store != nil || contact != nil || connect {
            throw ValidationError(
                "--source, --store, --contact and --connect go with the formats of shops; CSV has them in its mapping.")
        }
        for name in [source, store].compactMap({ $0 }) where name.isEmpty || name.utf8.count > 200 {
            throw ValidationError("A source or store has 1 to 200 bytes.")
        }
        guard fromLine >= 1 else { throw ValidationError("--from-line takes a number from 1 on.") }
    }

    /// What makes events of the file; nil if its lines are events.
    func conversion() throws(Failure) -> (any EventConversion)? {
        if let shop = chosen.shop {
            let options = ShopOptions(
                shop, source: source, store: store, contact: contact ?? .email, connects: connect)
            return ShopConversion(shop, options: options, firstPlace: fromLine)
        }
        guard let mapping else { return nil }
        let bytes = try InputText.read(mapping)
        let asOf = try self.asOf.map { (text) throws(Failure) in try Self.instant(text) }
        do throws(ImportError) {
            let read = try Mapping(parsing: bytes)
            let zone = try ZoneFiles.rules(of: read.timezone ?? "UTC")
            return try CSVConversion(read, zone: zone, asOf: asOf, firstPlace: fromLine)
        } catch {
            var failure = Failure(error)
            failure.hints = error.pointer == "/time" ? ["--as-of INSTANT gives one instant for all rows."] : []
            throw failure
        }
    }

    private static func instant(_ text: String) throws(Failure) -> Instant {
        do { return try Instant(rfc3339: text) } catch {
            throw Failure("--as-of: \(error.message)", exitCode: .usage)
        }
    }
}

/// The system's time zones.
enum ZoneFiles {
    private static let directory = "/usr/share/zoneinfo/"

    /// The rules of a zone, by its IANA name.
    static func rules(of name: String) throws(ImportError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        let isPlausible = !name.contains("..") && !name.hasPrefix("/") && !name.contains("\0")
        guard isPlausible, let bytes = try? InputText.read(directory + name),
            let rules = try? TimeZoneRules(name: name, tzif: bytes)
        else {
            throw ImportError(
                "There is no time zone “\(name)”. Give an IANA name such as Europe/London or UTC.", pointer: "/timezone"
            )
        }
        return rules
    }
}

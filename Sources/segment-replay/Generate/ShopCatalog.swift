/// What the shop sells: some three hundred products in a fixed order of popularity.
///
/// The catalogue is the same for every seed, so that examples can name its vendors, categories and products.
/// A class because it is handed to every event and never changes.
final class ShopCatalog: Sendable {
    /// A product that can be put into an order.
    struct Product: Sendable {
        /// `p-101` and so on, in the order of the tables.
        var id: String
        var title: String
        var vendor: String
        /// An index of `categories`.
        var category: Int
        /// Of one piece, in hundredths of the currency.
        var priceCents: Int
        /// Sizes the product comes in, with their price in thousandths of `priceCents`; may be empty.
        var variants: [(name: String, thousandths: Int)]
        /// The members of an order line that say which product it is: `"product":…,"title":…,"vendor":…,"category":…`.
        var lineJSON: [UInt8]
    }

    let categories: [String]
    let products: [Product]
    private let overall: WeightedDraw
    private let byCategory: [(first: Int, draw: WeightedDraw)]
    private let categoryDraw: WeightedDraw

    init(tables: [CatalogTable] = CatalogTable.all) {
        categories = tables.map(\.category)
        products = Self.products(of: tables)
        let weights = Self.popularity(count: products.count)
        overall = WeightedDraw(weights)
        var first = 0
        byCategory = tables.map { table in
            let count = table.stems.count * table.styles.count
            defer { first += count }
            return (first, WeightedDraw(weights[first..<first + count]))
        }
        categoryDraw = WeightedDraw(tables.map(\.weight))
    }

    /// A product that somebody buys or looks at: often of the favourite category, else of any.
    /// Returns an index of `products`.
    func draw(favourite: UInt8, _ random: inout SeededRandom) -> Int {
        guard random.chance(6, in: 10) else { return overall.draw(&random) }
        let category = byCategory[Int(favourite)]
        return category.first + category.draw.draw(&random)
    }

    /// The category a new customer likes best; an index of `categories`.
    func favourite(_ random: inout SeededRandom) -> UInt8 {
        UInt8(categoryDraw.draw(&random))
    }

    private static func products(of tables: [CatalogTable]) -> [Product] {
        var products: [Product] = []
        for (category, table) in tables.enumerated() {
            for (position, stem) in table.stems.enumerated() {
                for style in table.styles {
                    let id = "p-\(101 + products.count)"
                    let title = style.name.isEmpty ? stem.name : "\(stem.name), \(style.name)"
                    let vendor = table.vendors[position % table.vendors.count]
                    var json = JSONLine()
                    json.member("product", id)
                    json.member("title", title)
                    json.member("vendor", vendor)
                    json.member("category", table.category)
                    products.append(
                        Product(
                            id: id, title: title, vendor: vendor, category: category,
                            priceCents: rounded(stem.priceCents * style.thousandths / 1_000),
                            variants: table.variants, lineJSON: json.bytes))
                }
            }
        }
        return products
    }

    /// A price as shops write it: ending in 90.
    private static func rounded(_ cents: Int) -> Int {
        max(190, cents / 100 * 100 + 90)
    }

    /// Zipf's law over a fixed shuffle: the most popular product sells a hundred times as often as the hundredth.
    private static func popularity(count: Int) -> [Int] {
        var random = SeededRandom(seed: 0xCA7A_106E)
        var weights = (1...count).map { rank in 1_000_000 / rank }
        for index in stride(from: count - 1, to: 0, by: -1) {
            weights.swapAt(index, random.below(index + 1))
        }
        return weights
    }
}

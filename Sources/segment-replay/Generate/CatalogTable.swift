/// One category of the catalogue, from which its products are made: every stem in every style.
struct CatalogTable: Sendable {
    var category: String
    /// How many customers of a hundred or so like this category best.
    var weight: Int
    var vendors: [String]
    var stems: [(name: String, priceCents: Int)]
    var styles: [(name: String, thousandths: Int)]
    var variants: [(name: String, thousandths: Int)] = []
}

extension CatalogTable {
    static let all = [coffee, tea, chocolate, biscuits, spreads, cups, brewing, grinders, linen, gifts]

    private static let coffee = CatalogTable(
        category: "Coffee", weight: 30, vendors: ["Acme", "Brûlerie du Port", "Nordlicht"],
        stems: [
            ("Ethiopia Yirgacheffe", 1_150), ("Colombia Huila", 980), ("Kenya Nyeri", 1_290), ("Brazil Cerrado", 850),
            ("Guatemala Antigua", 1_050), ("Sumatra Mandheling", 1_090), ("Costa Rica Tarrazú", 1_120),
            ("Rwanda Nyamasheke", 1_190), ("Peru Chanchamayo", 940), ("House blend", 790), ("Breakfast blend", 820),
            ("Espresso Napoli", 880), ("Espresso Torino", 910), ("Honduras Copán", 960), ("Mexico Chiapas", 930),
        ],
        styles: [("whole beans", 1_000), ("ground", 1_000), ("decaffeinated", 1_150)],
        variants: [("250 g", 1_000), ("500 g", 1_900), ("1 kg", 3_600)])

    private static let tea = CatalogTable(
        category: "Tea", weight: 18, vendors: ["Maison Bleue", "Leaf & Co"],
        stems: [
            ("Darjeeling First Flush", 1_390), ("Earl Grey", 690), ("Sencha", 890), ("Assam", 720),
            ("Lapsang Souchong", 840), ("Jasmine Pearls", 1_290), ("Rooibos Vanilla", 620), ("Peppermint", 480),
            ("Camomile", 490), ("Genmaicha", 790), ("Oolong Tieguanyin", 1_490), ("White Peony", 1_590),
            ("English Breakfast", 650), ("Lemon Verbena", 560),
        ],
        styles: [("loose leaf", 1_000), ("tea bags", 850), ("gift tin", 1_600)],
        variants: [("100 g", 1_000), ("250 g", 2_300)])

    private static let chocolate = CatalogTable(
        category: "Chocolate", weight: 12, vendors: ["Cacao Frères", "Acme"],
        stems: [
            ("Dark 70 %", 450), ("Dark 85 %", 480), ("Milk", 420), ("Milk with hazelnuts", 490),
            ("White with raspberry", 510), ("Orange peel", 520), ("Sea salt caramel", 540), ("Gianduja", 590),
            ("Drinking chocolate", 890), ("Truffles", 1_490), ("Coffee beans in chocolate", 690),
            (
                "Almond dragées",
                760
            ),
        ],
        styles: [("bar", 1_000), ("sharing box", 2_600), ("gift box", 3_400)])

    private static let biscuits = CatalogTable(
        category: "Biscuits", weight: 8, vendors: ["Biscuiterie Legrand", "Forno Rossi"],
        stems: [
            ("Butter shortbread", 520), ("Amaretti", 580), ("Cantuccini", 560), ("Speculoos", 430),
            (
                "Ginger snaps",
                460
            ), ("Oat cookies", 440), ("Madeleines", 590), ("Lemon wafers", 410), ("Stroopwafels", 490),
            ("Palets bretons", 540),
        ],
        styles: [("box", 1_000), ("family tin", 2_200)])

    private static let spreads = CatalogTable(
        category: "Honey & Spreads", weight: 7, vendors: ["Rucher des Alpes", "Leaf & Co"],
        stems: [
            ("Acacia honey", 890), ("Chestnut honey", 950), ("Lavender honey", 990), ("Hazelnut spread", 690),
            ("Almond butter", 790), ("Apricot jam", 520), ("Raspberry jam", 540), ("Fig jam", 560),
            (
                "Salted caramel",
                620
            ), ("Orange marmalade", 530),
        ],
        styles: [("jar", 1_000), ("set of three", 2_700)])

    private static let cups = CatalogTable(
        category: "Mugs & Cups", weight: 10, vendors: ["Atelier Terre", "Nordlicht"],
        stems: [
            ("Espresso cup", 990), ("Cappuccino cup", 1_290), ("Latte bowl", 1_590), ("Tea cup with saucer", 1_790),
            ("Travel mug", 2_490), ("Stoneware mug", 1_490), ("Double-walled glass", 1_190), ("Enamel mug", 1_090),
            ("Children's mug", 890), ("Tasting bowl", 1_390), ("Sugar bowl", 1_690), ("Milk jug", 1_990),
        ],
        styles: [("white", 1_000), ("midnight blue", 1_100), ("sage", 1_100)])

    private static let brewing = CatalogTable(
        category: "Brewing", weight: 8, vendors: ["Officina Moka", "Acme"],
        stems: [
            ("Moka pot 3 cups", 2_990), ("Moka pot 6 cups", 3_690), ("French press", 3_490),
            (
                "Pour-over dripper",
                2_190
            ), ("Gooseneck kettle", 7_990), ("Cold brew carafe", 3_290), ("Teapot with infuser", 4_290),
            ("Paper filters", 490), ("Kitchen scale with timer", 4_990), ("Milk frother", 5_490), ("Tamper", 2_690),
            ("Electric kettle", 6_990),
        ],
        styles: [("classic", 1_000), ("pro", 1_500)])

    private static let grinders = CatalogTable(
        category: "Grinders", weight: 3, vendors: ["Officina Moka", "Nordlicht"],
        stems: [
            ("Hand grinder", 6_990), ("Travel grinder", 4_990), ("Burr grinder", 14_990),
            (
                "Espresso grinder",
                28_990
            ), ("Spice mill", 3_490),
        ],
        styles: [("steel", 1_000), ("walnut", 1_200)])

    private static let linen = CatalogTable(
        category: "Kitchen Linen", weight: 6, vendors: ["Atelier Terre", "Maison Bleue"],
        stems: [
            ("Tea towel", 1_190), ("Apron", 3_290), ("Napkins, set of four", 2_490), ("Tablecloth", 5_990),
            ("Oven glove", 1_590), ("Bread bag", 1_390), ("Placemat", 990), ("Table runner", 2_990),
        ],
        styles: [("linen", 1_200), ("cotton", 1_000), ("striped", 1_050)])

    private static let gifts = CatalogTable(
        category: "Gifts", weight: 6, vendors: ["Acme", "Cacao Frères"],
        stems: [
            ("Tasting set coffee", 2_990), ("Tasting set tea", 2_690), ("Coffee subscription, three months", 5_490),
            ("Tea subscription, three months", 4_990), ("Breakfast hamper", 6_990), ("Grand hamper", 12_990),
            ("Gift card", 2_500), ("Chocolate calendar", 3_990), ("Barista course", 8_990), ("Chocolate hamper", 4_990),
        ],
        styles: [("", 1_000)])

}

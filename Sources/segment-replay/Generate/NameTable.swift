/// The names people have in one language.
struct NameTable: Sendable {
    var first: [String]
    var last: [String]
}

extension NameTable {
    /// By ISO 639-1 code; every language of `Place.all` is here.
    static let all = ["de": german, "en": english, "es": spanish, "fr": french, "it": italian, "nl": dutch]

    private static let french = NameTable(
        first: [
            "Camille", "Zoé", "Hugo", "Léa", "Jules", "Inès", "Louis", "Manon", "Raphaël", "Chloé", "Antoine",
            "Élise", "Nicolas", "Aurélie", "Mathieu", "Sophie",
        ],
        last: [
            "Martin", "Bernard", "Dubois", "Lefèvre", "Moreau", "Girard", "Fournier", "Lambert", "Rousseau", "Blanc",
            "Guérin", "Faure", "Mercier", "Chevalier", "Perrin", "d'Arras",
        ])

    private static let german = NameTable(
        first: [
            "Lukas", "Anna", "Jürgen", "Mia", "Felix", "Käthe", "Jonas", "Lena", "Sören", "Clara", "Paul", "Hannah",
            "Moritz", "Greta", "Emil", "Frieda",
        ],
        last: [
            "Müller", "Schmidt", "Weber", "Fischer", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf",
            "Neumann", "Krüger", "Hofmann", "Lange", "Groß", "Vogel",
        ])

    private static let english = NameTable(
        first: [
            "Olivia", "Jack", "Amelia", "George", "Isla", "Harry", "Emily", "Noah", "Grace", "Oscar", "Siobhán",
            "Leo", "Ruby", "Arthur", "Freya", "Thomas",
        ],
        last: [
            "Smith", "Jones", "Taylor", "Brown", "O'Brien", "Wilson", "Evans", "Walker", "Roberts", "Hughes", "Green",
            "Clarke", "Byrne", "Wood", "Baker", "Murphy",
        ])

    private static let italian = NameTable(
        first: [
            "Giulia", "Marco", "Sofia", "Luca", "Chiara", "Matteo", "Elena", "Andrea", "Niccolò", "Francesca",
            "Davide", "Alice", "Pietro", "Marta", "Simone", "Beatrice",
        ],
        last: [
            "Rossi", "Ferrari", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Conti", "De Luca",
            "Costa", "Rizzo", "Moretti", "Fontana", "Barbieri", "Villa",
        ])

    private static let spanish = NameTable(
        first: [
            "Lucía", "Hugo", "Martina", "Mateo", "Paula", "Álvaro", "Carmen", "Diego", "Begoña", "Javier", "Elena",
            "Pablo", "Noa", "Sergio", "Alba", "Iván",
        ],
        last: [
            "García", "Fernández", "López", "Martínez", "Ruiz", "Moreno", "Muñoz", "Romero", "Navarro", "Torres",
            "Gil", "Serrano", "Molina", "Ortega", "Delgado", "Castro",
        ])

    private static let dutch = NameTable(
        first: [
            "Emma", "Daan", "Julia", "Sem", "Tess", "Lars", "Zoë", "Bram", "Lotte", "Thijs", "Fleur", "Ruben",
            "Sanne", "Jasper", "Noor", "Stijn",
        ],
        last: [
            "de Jong", "Jansen", "de Vries", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Bos", "Peeters", "Maes",
            "Jacobs", "Willems", "Kok", "van Dijk", "Hendriks",
        ])
}

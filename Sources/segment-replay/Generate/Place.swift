/// A town where customers live.
struct Place {
    /// ISO 3166-1 alpha-2.
    var country: String
    var region: String
    var city: String
    var zip: String
    /// ISO 639-1, of the people there.
    var language: String
    /// Degrees, as decimal numbers in JSON.
    var latitude: String
    var longitude: String
    /// How many of a thousand customers or so live there.
    var weight: Int

    private init(
        _ country: String, _ region: String, _ city: String, _ zip: String, _ language: String, _ latitude: String,
        _ longitude: String, _ weight: Int
    ) {
        self.country = country
        self.region = region
        self.city = city
        self.zip = zip
        self.language = language
        self.latitude = latitude
        self.longitude = longitude
        self.weight = weight
    }

    /// All places: a third of the customers in France, where the shop is, most others around it.
    static let all = [
        Place("FR", "Île-de-France", "Paris", "75011", "fr", "48.858", "2.379", 110),
        Place("FR", "Auvergne-Rhône-Alpes", "Lyon", "69003", "fr", "45.760", "4.850", 52),
        Place("FR", "Provence-Alpes-Côte d'Azur", "Marseille", "13006", "fr", "43.286", "5.380", 44),
        Place("FR", "Nouvelle-Aquitaine", "Bordeaux", "33000", "fr", "44.838", "-0.579", 34),
        Place("FR", "Hauts-de-France", "Lille", "59000", "fr", "50.633", "3.063", 30),
        Place("FR", "Grand Est", "Strasbourg", "67000", "fr", "48.583", "7.746", 26),
        Place("FR", "Pays de la Loire", "Nantes", "44000", "fr", "47.218", "-1.554", 28),
        Place("FR", "Bretagne", "Rennes", "35000", "fr", "48.111", "-1.680", 22),
        Place("FR", "Occitanie", "Toulouse", "31000", "fr", "43.604", "1.444", 34),
        Place("DE", "Berlin", "Berlin", "10435", "de", "52.538", "13.412", 60),
        Place("DE", "Hamburg", "Hamburg", "20255", "de", "53.575", "9.953", 40),
        Place("DE", "Bayern", "München", "80799", "de", "48.153", "11.577", 44),
        Place("DE", "Nordrhein-Westfalen", "Köln", "50672", "de", "50.942", "6.939", 34),
        Place("DE", "Hessen", "Frankfurt am Main", "60316", "de", "50.119", "8.702", 24),
        Place("DE", "Sachsen", "Leipzig", "04109", "de", "51.340", "12.373", 18),
        Place("DE", "Baden-Württemberg", "Stuttgart", "70178", "de", "48.768", "9.170", 22),
        Place("GB", "England", "London", "E2 8DP", "en", "51.531", "-0.073", 56),
        Place("GB", "England", "Manchester", "M4 1LE", "en", "53.484", "-2.233", 18),
        Place("GB", "Scotland", "Edinburgh", "EH6 6RA", "en", "55.974", "-3.171", 16),
        Place("GB", "Wales", "Cardiff", "CF11 9LJ", "en", "51.480", "-3.195", 8),
        Place("GB", "England", "Bristol", "BS3 1PD", "en", "51.442", "-2.602", 12),
        Place("IT", "Lombardia", "Milano", "20154", "it", "45.482", "9.174", 34),
        Place("IT", "Lazio", "Roma", "00153", "it", "41.886", "12.471", 28),
        Place("IT", "Piemonte", "Torino", "10123", "it", "45.064", "7.682", 14),
        Place("IT", "Emilia-Romagna", "Bologna", "40125", "it", "44.491", "11.348", 12),
        Place("IT", "Campania", "Napoli", "80134", "it", "40.845", "14.249", 10),
        Place("ES", "Comunidad de Madrid", "Madrid", "28004", "es", "40.422", "-3.697", 30),
        Place("ES", "Catalunya", "Barcelona", "08012", "es", "41.403", "2.156", 28),
        Place("ES", "Comunitat Valenciana", "València", "46004", "es", "39.469", "-0.371", 14),
        Place("ES", "Andalucía", "Sevilla", "41003", "es", "37.394", "-5.989", 12),
        Place("BE", "Brussels", "Bruxelles", "1050", "fr", "50.827", "4.372", 24),
        Place("BE", "Vlaanderen", "Antwerpen", "2018", "nl", "51.204", "4.411", 16),
        Place("BE", "Wallonie", "Liège", "4000", "fr", "50.641", "5.571", 10),
        Place("NL", "Noord-Holland", "Amsterdam", "1053 AB", "nl", "52.367", "4.868", 26),
        Place("NL", "Zuid-Holland", "Rotterdam", "3012 CL", "nl", "51.919", "4.476", 14),
        Place("NL", "Utrecht", "Utrecht", "3512 GA", "nl", "52.091", "5.122", 10),
        Place("CH", "Genève", "Genève", "1204", "fr", "46.201", "6.146", 12),
        Place("CH", "Zürich", "Zürich", "8004", "de", "47.377", "8.527", 16),
        Place("CH", "Ticino", "Lugano", "6900", "it", "46.004", "8.951", 4),
        Place("AT", "Wien", "Wien", "1070", "de", "48.203", "16.349", 18),
        Place("AT", "Steiermark", "Graz", "8010", "de", "47.071", "15.440", 6),
        Place("LU", "Luxembourg", "Luxembourg", "1611", "fr", "49.600", "6.134", 6),
        Place("IE", "Leinster", "Dublin", "D08 X5N2", "en", "53.339", "-6.272", 10),
        Place("US", "New York", "Brooklyn", "11211", "en", "40.713", "-73.953", 10),
        Place("US", "California", "San Francisco", "94110", "en", "37.749", "-122.416", 8),
    ]
}

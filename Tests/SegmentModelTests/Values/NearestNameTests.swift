import SegmentModel
import Testing

@Suite struct NearestNameTests {
    private let operators = ["is", "is_not", "contains", "at_least", "at_most", "between", "starts_with"]

    @Test(arguments: [
        ("at_lest", "at_least"), ("atleast", "at_least"), ("betwen", "between"), ("contians", "contains"),
        ("AT_MOST", "at_most"), ("it", "is"), ("startswith", "starts_with"), ("is_nto", "is_not"),
    ])
    func `a misspelt word finds its name`(word: String, name: String) {
        #expect(NameSuggestion.nearest(to: word, among: operators) == name)
    }

    @Test(arguments: ["", "zzz", "matches", "x_y"])
    func `a word that resembles nothing finds nothing`(word: String) {
        #expect(NameSuggestion.nearest(to: word, among: operators) == nil)
    }

    @Test func `of equally near names the first in byte order is taken, whatever the order of the candidates`() {
        #expect(NameSuggestion.nearest(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
        #expect(NameSuggestion.nearest(to: "cat", among: ["bat", "rat", "hat"]) == "bat")
    }

    @Test func `a nearer name wins over one seen before`() {
        #expect(NameSuggestion.nearest(to: "vendor", among: ["sender", "vender"]) == "vender")
    }
}

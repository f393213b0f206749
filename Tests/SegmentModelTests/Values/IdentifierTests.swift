import SegmentModel
import TestSupport
import Testing

@Suite struct IdentifierTests {
    @Test func `composed and decomposed letters are different identifiers`() {
        let composed = Identifier("caf\u{E9}")
        let decomposed = Identifier("cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `identifiers are ordered by bytes`() {
        let sorted = ["", "A", "AB", "B", "a", "caf\u{65}\u{301}", "caf\u{E9}", "é"].map { Identifier($0) }
        #expect(Array(sorted.shuffled()).sorted() == sorted)
        #expect(!(Identifier("A") < Identifier("A")))
    }

    @Test func `equality, order and hash agree with the bytes`() {
        var random = SeededGenerator(seed: 5)
        let letters = ["a", "b", "\u{0}", "é", "e\u{301}", "🛒"]
        let texts = (0..<60).map { _ in
            (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(letters) }.joined()
        }
        for left in texts {
            for right in texts {
                let isEqual = left.utf8.elementsEqual(right.utf8)
                #expect((Identifier(left) == Identifier(right)) == isEqual)
                #expect((Identifier(left) < Identifier(right)) == left.utf8.lexicographicallyPrecedes(right.utf8))
                if isEqual { #expect(Identifier(left).hashValue == Identifier(right).hashValue) }
            }
        }
    }

    @Test func `an identifier and a substring of another text with the same bytes are equal and hash alike`() {
        let long = "a long text of which a part is taken: customer-4711-of-the-shop"
        let part = Identifier(String(long.suffix(25)))
        #expect(part == "customer-4711-of-the-shop")
        #expect(part.hashValue == Identifier("customer-4711-of-the-shop").hashValue)
    }
}

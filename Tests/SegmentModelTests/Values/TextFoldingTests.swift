import SegmentModel
import Testing

@Suite struct TextFoldingTests {
    @Test(arguments: [
        ("", ""), ("acme", "acme"), ("ACME Shop 24", "acme shop 24"), ("@[`{AZ", "@[`{az"), ("MÜNCHEN", "münchen"),
        ("Straße", "straße"), ("ΟΔΟΣ", "οδοσ"), ("İ", "i\u{307}"), ("ǅ", "ǆ"), ("日本", "日本"), ("🛒A", "🛒a"),
    ])
    func `a text is folded scalar by scalar`(text: String, folded: String) {
        #expect(Array(TextFolding.folded(text).utf8) == Array(folded.utf8))
    }

    @Test func `composed and decomposed texts fold to the same bytes`() {
        let composed = TextFolding.folded("CAFÉ")
        let decomposed = TextFolding.folded("CAFE\u{301}")
        #expect(Array(composed.utf8) == Array(decomposed.utf8))
        #expect(Array(composed.utf8) == Array("caf\u{E9}".utf8))
    }

    @Test func `the Kelvin sign folds to the letter k, as its NFC is the letter`() {
        #expect(Array(TextFolding.folded("\u{212A}").utf8) == Array("k".utf8))
    }

    @Test func `scalars before the combining marks fold alike alone and beside one that needs normalising`() {
        for value in UInt32(0)..<0x300 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let alone = Array(TextFolding.folded(String(scalar)).unicodeScalars)
            let beside = Array(TextFolding.folded(String(scalar) + "日").unicodeScalars)
            #expect(alone == beside.dropLast())
        }
    }
}

/// A text of the audience's vocabulary by its number: a country, a product, a tag.
///
/// Two symbols are equal if their texts have the same bytes. Numbers are given in order of first use and never change
/// while an engine runs.
struct Symbol: Hashable, Comparable, Sendable {
    var rawValue: UInt32

    /// No text at all.
    static let none = Symbol(rawValue: 0)

    static func < (left: Symbol, right: Symbol) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What reads the texts of symbols: the vocabulary, or a fixed part of it in tests.
protocol SymbolTexts {
    /// The text of a symbol; empty for `Symbol.none`.
    func text(of symbol: Symbol) -> String
    /// The symbol whose text has exactly these bytes, if there is one yet.
    func symbol(of text: String) -> Symbol?
}

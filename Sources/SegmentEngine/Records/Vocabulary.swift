internal import SegmentModel
internal import Synchronization

/// The texts that many contacts share, each once, by number: countries, products, tags, campaigns …
///
/// Grows only. One thread adds, any may read; a symbol that was handed out stays readable.
final class Vocabulary: SymbolTexts, Sendable {
    /// What the vocabulary's lock guards.
    struct Texts: Sendable {
        /// All texts one after the other; symbol n lies between `ends[n - 1]` and `ends[n]`.
        fileprivate var bytes: [UInt8] = []
        fileprivate var ends: [Int] = [0]
        fileprivate var index = HashIndex()
        /// The folded text's symbol, by symbol; none as long as nobody asked.
        fileprivate var foldedSymbols: [Symbol] = [.none]

        fileprivate func range(of symbol: Symbol) -> Range<Int> {
            let number = Int(symbol.rawValue)
            return number == 0 ? 0..<0 : ends[number - 1]..<ends[number]
        }

        fileprivate func find(_ text: UnsafeRawBufferPointer, hash: UInt64) -> Symbol? {
            bytes.withUnsafeBytes { all in
                index.first(hash: hash) { number in
                    let range = range(of: Symbol(rawValue: number))
                    return range.count == text.count && all.slice(range).isSame(as: text)
                }
            }.map { Symbol(rawValue: $0) }
        }

        /// The symbol of a text, given to it now if it is new.
        mutating func intern(_ text: UnsafeRawBufferPointer) -> Symbol {
            let hash = ByteHash.hash(text, seed: Vocabulary.seed)
            if let known = find(text, hash: hash) { return known }
            let symbol = Symbol(rawValue: UInt32(ends.count))
            bytes.append(contentsOf: text)
            ends.append(bytes.count)
            foldedSymbols.append(.none)
            index.insert(hash: hash, number: symbol.rawValue)
            return symbol
        }

        /// The symbol of the folded form of a symbol's text.
        mutating func folded(_ symbol: Symbol) -> Symbol {
            let known = foldedSymbols[Int(symbol.rawValue)]
            guard known == .none, symbol != .none else { return known }
            let text = String(decoding: bytes[range(of: symbol)], as: UTF8.self)
            var folded = TextFolding.folded(text)
            let found = folded.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
            foldedSymbols[Int(symbol.rawValue)] = found
            return found
        }
    }

    private let state: Mutex<Texts>
    private static let seed = UInt64.random(in: .min ... .max)

    /// A vocabulary of no texts.
    init() {
        state = Mutex(Texts())
    }

    /// One with the same texts and symbols, that grows by itself from here on.
    init(copying other: Vocabulary) {
        state = Mutex(other.state.withLock { $0 })
    }

    /// Texts known, the empty one apart.
    var count: Int { state.withLock { $0.ends.count - 1 } }

    /// Lets the body give symbols to many texts under one lock.
    func withTexts(_ body: (inout Texts) -> Void) {
        state.withLock { body(&$0) }
    }

    /// The symbol of a text, given to it now if it is new.
    func intern(_ text: UnsafeRawBufferPointer) -> Symbol {
        state.withLock { $0.intern(text) }
    }

    func intern(_ text: String) -> Symbol {
        var text = text
        return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
    }

    func text(of symbol: Symbol) -> String {
        state.withLock { String(decoding: $0.bytes[$0.range(of: symbol)], as: UTF8.self) }
    }

    func symbol(of text: String) -> Symbol? {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            let hash = ByteHash.hash(bytes, seed: Self.seed)
            return state.withLock { $0.find(bytes, hash: hash) }
        }
    }

    /// Calls the body with every text in the order of symbols, from 1 on.
    func forEach(_ body: (Symbol, UnsafeRawBufferPointer) throws -> Void) rethrows {
        let (bytes, ends) = state.withLock { ($0.bytes, $0.ends) }
        try bytes.withUnsafeBytes { all in
            for number in ends.indices.dropFirst() {
                try body(Symbol(rawValue: UInt32(number)), all.slice(ends[number - 1]..<ends[number]))
            }
        }
    }

    /// Memory used, in bytes.
    var byteCount: Int {
        state.withLock { $0.bytes.capacity + $0.ends.capacity * 8 + $0.foldedSymbols.capacity * 4 + $0.index.byteCount }
    }
}

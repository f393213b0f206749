internal import SegmentModel
internal import Synchronization

/// The texts that many contacts share, each once, by number: countries, products, tags, campaigns …
///
/// Grows only. One thread adds, any may read; a symbol that was handed out stays readable.
final class Vocabulary: SymbolTexts, Sendable {
    private struct State {
        /// All texts one after the other; symbol n lies between `ends[n - 1]` and `ends[n]`.
        var bytes: [UInt8] = []
        var ends: [Int] = [0]
        var index = HashIndex()
        /// The folded text's symbol, by symbol; none as long as nobody asked.
        var folded: [Symbol] = [.none]

        func range(of symbol: Symbol) -> Range<Int> {
            let number = Int(symbol.rawValue)
            return number == 0 ? 0..<0 : ends[number - 1]..<ends[number]
        }

        func find(_ text: UnsafeRawBufferPointer, hash: UInt64) -> Symbol? {
            bytes.withUnsafeBytes { all in
                index.first(hash: hash) { number in
                    let range = range(of: Symbol(rawValue: number))
                    return range.count == text.count && all.slice(range).isSame(as: text)
                }
            }.map { Symbol(rawValue: $0) }
        }

        mutating func intern(_ text: UnsafeRawBufferPointer) -> Symbol {
            let hash = ByteHash.hash(text, seed: Vocabulary.seed)
            if let known = find(text, hash: hash) { return known }
            let symbol = Symbol(rawValue: UInt32(ends.count))
            bytes.append(contentsOf: text)
            ends.append(bytes.count)
            folded.append(.none)
            index.insert(hash: hash, number: symbol.rawValue)
            return symbol
        }
    }

    private let state = Mutex(State())
    private static let seed = UInt64.random(in: .min ... .max)

    /// Texts known, the empty one apart.
    var count: Int { state.withLock { $0.ends.count - 1 } }

    /// The symbol of a text, given to it now if it is new.
    func intern(_ text: UnsafeRawBufferPointer) -> Symbol {
        state.withLock { $0.intern(text) }
    }

    func intern(_ text: String) -> Symbol {
        var text = text
        return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
    }

    /// The symbol of the folded form of a symbol's text.
    func folded(_ symbol: Symbol) -> Symbol {
        state.withLock { state in
            let known = state.folded[Int(symbol.rawValue)]
            guard known == .none, symbol != .none else { return known }
            let text = String(decoding: state.bytes[state.range(of: symbol)], as: UTF8.self)
            var folded = TextFolding.folded(text)
            let found = folded.withUTF8 { state.intern(UnsafeRawBufferPointer($0)) }
            state.folded[Int(symbol.rawValue)] = found
            return found
        }
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
        state.withLock { $0.bytes.capacity + $0.ends.capacity * 8 + $0.folded.capacity * 4 + $0.index.byteCount }
    }
}

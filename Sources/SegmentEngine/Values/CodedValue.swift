internal import SegmentModel

/// A value of an attribute that many contacts may share.
enum CodedValue: Hashable, Sendable {
    case symbol(Symbol)
    case text([UInt8])
    /// In billionths.
    case number(Int128)
    case boolean(Bool)
    case list([[UInt8]])
    case birthday(month: Int, day: Int)

    /// Nil for an instant. Ranges lie in the bytes.
    init?(_ value: DecodedValue, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .symbol(let symbol): self = .symbol(symbol)
        case .text(let range): self = .text(Array(bytes.slice(range)))
        case .number(let number): self = .number(number)
        case .boolean(let boolean): self = .boolean(boolean)
        case .list(let range, let count):
            var elements: [[UInt8]] = []
            if count > 0 {
                let list = bytes.slice(range)
                var cursor = ByteCursor(list)
                for _ in 0..<count { elements.append(Array(list.slice(cursor.text()))) }
            }
            self = .list(elements)
        case .instant: return nil
        case .birthday(let month, let day): self = .birthday(month: month, day: day)
        }
    }

    /// The value as conditions see it.
    func attribute(_ texts: any SymbolTexts) -> AttributeValue {
        switch self {
        case .symbol(let symbol): .text(symbol == .none ? "" : texts.text(of: symbol))
        case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
        case .number(let billionths): .number(Number(billionths: billionths))
        case .boolean(let boolean): .boolean(boolean)
        case .list(let elements): .list(elements.map { String(decoding: $0, as: UTF8.self) })
        case .birthday(let month, let day): .birthday(month: month, day: day)
        }
    }
}

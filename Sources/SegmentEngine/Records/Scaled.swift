// Times are mostly whole seconds and amounts mostly whole cents: the lowest bit says so, and the rest is short then.

extension ByteCursor {
    /// Microseconds since 1970.
    mutating func time() -> Int64 {
        let value = zigzag()
        return value & 1 == 0 ? (value >> 1) &* 1_000_000 : value >> 1
    }

    /// Ten-thousandths.
    mutating func amount() -> Int64 {
        let value = zigzag()
        return value & 1 == 0 ? (value >> 1) &* 100 : value >> 1
    }
}

extension ByteBuffer {
    func time(_ microseconds: Int64) {
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        zigzag(rest == 0 ? seconds << 1 : microseconds << 1 | 1)
    }

    func amount(_ tenThousandths: Int64) {
        let (cents, rest) = tenThousandths.quotientAndRemainder(dividingBy: 100)
        zigzag(rest == 0 ? cents << 1 : tenThousandths << 1 | 1)
    }
}

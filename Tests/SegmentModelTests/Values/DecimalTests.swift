import SegmentModel
import TestSupport
import Testing

@Suite struct DecimalTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.0000", 0), ("0e5", 0), ("0e999999999999999999999", 0), ("-3", -30_000),
        ("12.5", 125_000), ("12.50", 125_000), ("12.500000000", 125_000), ("0.0001", 1), ("1e-4", 1),
        ("1E+2", 1_000_000),
        ("12.5e1", 1_250_000), ("123456e-2", 12_345_600), ("1000e-7", 1), ("0.00001e1", 1),
        ("100000000000", 1_000_000_000_000_000), ("-100000000000.0", -1_000_000_000_000_000),
        ("1e11", 1_000_000_000_000_000), ("10000000000000000000000000000e-17", 1_000_000_000_000_000),
    ])
    func `an amount is read exactly`(text: String, tenThousandths: Int64) throws {
        #expect(try Amount(decimal: text).tenThousandths == tenThousandths)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "5.", "01", "-01", "1e", "1e+", "1.e1", " 1", "1 ", "1,5", "0x10", "NaN", "Infinity", "١",
        "1\u{0}", "1e1.5", "--1",
    ])
    func `what is no JSON number is neither an amount nor a number`(text: String) {
        let amount = #expect(throws: ValueError.self) { try Amount(decimal: text) }
        #expect(amount?.message.contains("it is not written as a number") == true)
        #expect(throws: ValueError.self) { try Number(decimal: text) }
    }

    @Test(arguments: ["0.00001", "12.34567", "1e-5", "-0.00015", "1e-999999999999999999999"])
    func `an amount of more than four fraction digits is refused`(text: String) {
        let error = #expect(throws: ValueError.self) { try Amount(decimal: text) }
        #expect(error?.message.contains("more than four fraction digits") == true)
    }

    @Test(arguments: [
        "100000000000.0001", "-100000000001", "1e12", "1e999999999999999999999", "99999999999999999999999999",
    ])
    func `an amount beyond the largest is refused`(text: String) {
        let error = #expect(throws: ValueError.self) { try Amount(decimal: text) }
        #expect(error?.message.contains("it is beyond 100000000000") == true)
    }

    @Test(arguments: [
        ("0", 0), ("1.5", 1_500_000_000), ("-2", -2_000_000_000), ("0.000000001", 1), ("1e-9", 1),
        ("0.0000000005", 0), ("0.0000000015", 2), ("0.0000000025", 2), ("0.00000000250001", 3), ("-0.0000000015", -2),
        ("0.00000000149999999999999999999999", 1), ("6e-10", 1), ("4e-10", 0), ("5e-10", 0), ("9e-11", 0),
        ("1e-999999999999", 0), ("999e-12", 1),
    ])
    func `a number is read to nine digits and rounded half to even`(text: String, billionths: Int64) throws {
        #expect(try Number(decimal: text).billionths == Int128(billionths))
    }

    @Test func `a number ends below ten to the eighteenth`() throws {
        let largest = try Number(decimal: "999999999999999999.999999999")
        #expect(largest.billionths == 999_999_999_999_999_999_999_999_999 as Int128)
        #expect(try Number(decimal: "-999999999999999999.9999999994") == Number(billionths: -largest.billionths))
        for text in ["1e18", "-1000000000000000000", "999999999999999999.9999999995", "1e400"] {
            #expect(throws: ValueError.self) { try Number(decimal: text) }
        }
    }

    @Test(arguments: [
        (0, "0"), (1, "0.0001"), (-1, "-0.0001"), (125_000, "12.5"), (5_053_000, "505.3"), (-30_000, "-3"),
        (100_000, "10"), (1_000_000_000_000_000, "100000000000"), (12_345, "1.2345"),
    ])
    func `an amount is written as its shortest decimal`(tenThousandths: Int64, text: String) {
        #expect(Amount(tenThousandths: tenThousandths).description == text)
        #expect(Number(Amount(tenThousandths: tenThousandths)).description == text)
    }

    @Test func `what is written is read back the same`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let shift = Int64.random(in: 0..<50, using: &random)
            let limit = Amount.magnitudeMax.tenThousandths >> shift
            let amount = Amount(tenThousandths: Int64.random(in: -limit...limit, using: &random))
            #expect(try Amount(decimal: amount.description) == amount)
            let number = Number(
                billionths: Int128(Int64.random(in: .min ... .max, using: &random)) * Int128(1 << (shift / 2)))
            #expect(try Number(decimal: number.description) == number)
        }
    }

    @Test func `a text of digits is the same as an amount and as a number`() {
        var random = SeededGenerator(seed: 9)
        var amounts = 0
        for _ in 0..<3_000 {
            let size = Int.random(in: 1...14, using: &random)
            var text = (0..<size).map { _ in random.pick(Array("0123456789".utf8)) }
            // At most nine fraction digits: no number is rounded.
            let point = Int.random(in: max(0, size - 10)..<size, using: &random)
            if random.chance(0.7) { text[point] = UInt8(ascii: ".") }
            if random.chance(0.1) { text[Int.random(in: 0..<size, using: &random)] = random.pick(Array("-+".utf8)) }
            let spelling = String(decoding: text, as: UTF8.self)
            guard let number = try? Number(decimal: spelling) else {
                #expect(throws: ValueError.self) { try Amount(decimal: spelling) }
                continue
            }
            let isExact = number.billionths.isMultiple(of: 100_000) && number <= Number(Amount.magnitudeMax)
            #expect((try? Amount(decimal: spelling)).map { Number($0) } == (isExact ? number : nil))
            amounts += isExact ? 1 : 0
        }
        #expect(amounts > 500)
    }
}

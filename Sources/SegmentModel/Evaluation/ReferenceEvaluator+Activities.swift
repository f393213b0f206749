extension ReferenceEvaluator {
    func isTrue(_ condition: ActivityCondition, of contact: Contact, at now: Instant) -> Bool {
        let matches = matches(occurrences(of: condition, in: contact), in: condition.window, at: now)
        let value = measured(condition.measure, over: matches, of: contact, at: now)
        switch condition.test {
        case .instant(let test):
            if case .instant(let instant) = value { return holds(test, for: instant, at: now) }
            return holds(test, for: nil as Instant?, at: now)
        case .number(let test):
            if case .number(let number, let divisor) = value { return test.holds(for: number, dividedBy: divisor) }
            return test.holds(for: nil)
        }
    }

    /// The measure over the matching activities, earliest first.
    func measured(_ measure: Measure, over matches: [Occurrence], of contact: Contact, at now: Instant) -> Measured {
        var amounts: [Number] { matches.map { Number($0.amount) } }
        var lines: [OrderLine] { matches.flatMap(\.lines) }
        var quantity: Number { sum(lines.map { Number($0.quantity) }) }
        return switch measure {
        case .count: .number(Number(matches.count))
        case .total: .number(sum(amounts))
        case .average: .quotient(sum(amounts), by: matches.count)
        case .largest: .number(amounts.max())
        case .smallest: .number(amounts.min())
        case .netTotal: .number(sum(amounts) - sum(unlinkedRefunds(of: contact, at: now)))
        case .quantity: .number(quantity)
        case .lineTotal: .number(sum(lines.map(\.total)))
        case .averageQuantity: .quotient(quantity, by: matches.count)
        case .products: .number(Number(Set(lines.map(\.product)).count))
        case .first: .instant(matches.first?.instant)
        case .last: .instant(matches.last?.instant)
        case .daysSinceFirst: .number(matches.first.map { wholeDays(from: $0.instant, to: now) })
        case .daysSinceLast: .number(matches.last.map { wholeDays(from: $0.instant, to: now) })
        }
    }

    private func unlinkedRefunds(of contact: Contact, at now: Instant) -> [Number] {
        contact.unlinkedRefunds
            .filter { $0.occurredAt <= now && isAudienceCurrency($0.currency) }
            .map { Number($0.amount) }
    }

    /// Sums stay exact up to some 10^29, far above every operand; past that they stand still instead of overflowing,
    /// which no comparison can tell.
    private func sum(_ numbers: [Number]) -> Number {
        numbers.reduce(.zero) { sum, number in
            let (billionths, isOverflow) = sum.billionths.addingReportingOverflow(number.billionths)
            return isOverflow ? sum : Number(billionths: billionths)
        }
    }

    /// Whole days of 24 hours; the earlier instant is not after the later.
    private func wholeDays(from earlier: Instant, to later: Instant) -> Number {
        Number(Int((later.microseconds - earlier.microseconds) / ReferenceEvaluator.microsecondsPerDay))
    }

    static let microsecondsPerDay: Int64 = 86_400_000_000
}

/// The value of a measure.
enum Measured: Equatable {
    case blank
    /// `number / divisor`, not divided so that it stays exact.
    case number(Number, divisor: Int)
    case instant(Instant)

    static func number(_ number: Number?) -> Measured {
        number.map { .number($0, divisor: 1) } ?? .blank
    }

    /// Blank over nothing.
    static func quotient(_ number: Number, by count: Int) -> Measured {
        count == 0 ? .blank : .number(number, divisor: count)
    }

    static func instant(_ instant: Instant?) -> Measured {
        instant.map { .instant($0) } ?? .blank
    }
}

extension OrderLine {
    /// Quantity times price, exactly.
    var total: Number {
        // Ten-thousandths times ten-thousandths are hundred-millionths.
        Number(billionths: Int128(quantity.tenThousandths) * Int128(price.tenThousandths) * 10)
    }
}

internal import SegmentModel

/// All tests of one number (a measure, a field), gathered before they are arranged as a `NumberChain`.
struct NumberTests {
    /// A strict threshold is reached above its operand, any other one at it.
    fileprivate struct Threshold: Hashable {
        var operand: Int128
        var isStrict: Bool
    }

    fileprivate enum Form {
        /// From the threshold on.
        case from(Threshold)
        /// Until the threshold.
        case until(Threshold)
        /// At the operands alone, or everywhere else.
        case at([Int128], isInverted: Bool)
        /// From the one to the other, both included, or outside of that.
        case between(Int128, Int128, isInverted: Bool)
    }

    fileprivate private(set) var forms: [(form: Form, payload: UInt32)] = []
    fileprivate private(set) var always: [UInt32] = []
    fileprivate private(set) var onBlank: [UInt32] = []
    fileprivate private(set) var isEmpty = true

    /// Adds a test; with `isInverted`, of what does not pass it.
    mutating func add(_ test: NumberTest, isInverted: Bool, _ payload: UInt32) {
        isEmpty = false
        switch test {
        case .isNot(let operand): return add(.is(operand), isInverted: !isInverted, payload)
        case .notIn(let operands): return add(.in(operands), isInverted: !isInverted, payload)
        case .isBlank: return add(.isNotBlank, isInverted: !isInverted, payload)
        case .isNotBlank: if !isInverted { always.append(payload) }
        case .atLeast(let operand): addHalf(operand, isStrict: false, isUpper: !isInverted, payload)
        case .greaterThan(let operand): addHalf(operand, isStrict: true, isUpper: !isInverted, payload)
        case .lessThan(let operand): addHalf(operand, isStrict: false, isUpper: isInverted, payload)
        case .atMost(let operand): addHalf(operand, isStrict: true, isUpper: isInverted, payload)
        case .is(let operand): forms.append((.at([operand.billionths], isInverted: isInverted), payload))
        case .in(let operands): forms.append((.at(operands.map(\.billionths), isInverted: isInverted), payload))
        case .between(let low, let high):
            forms.append((.between(low.billionths, high.billionths, isInverted: isInverted), payload))
        }
        if isInverted { onBlank.append(payload) }
    }

    private mutating func addHalf(_ operand: Number, isStrict: Bool, isUpper: Bool, _ payload: UInt32) {
        let threshold = Threshold(operand: operand.billionths, isStrict: isStrict)
        forms.append((isUpper ? .from(threshold) : .until(threshold), payload))
    }

    /// The thresholds that a form has.
    fileprivate static func thresholds(of form: Form) -> [Threshold] {
        switch form {
        case .from(let threshold), .until(let threshold): [threshold]
        case .at(let operands, _):
            operands.flatMap { [Threshold(operand: $0, isStrict: false), Threshold(operand: $0, isStrict: true)] }
        case .between(let low, let high, _):
            [Threshold(operand: low, isStrict: false), Threshold(operand: high, isStrict: true)]
        }
    }
}

/// All tests of one number as a sorted chain of thresholds.
///
/// How many thresholds a value has reached is its rank; every test's truth depends on the rank alone. So one binary
/// search tells all truths, and as long as the rank stays the same nothing changes.
///
/// Every contact looks at many chains. So a chain is an object, and its tables are plain memory: a look at it counts one
/// reference, not one per table.
final class NumberChain: Sendable {
    /// Whether there is no test at all.
    let isEmpty: Bool
    /// What holds for a blank.
    let onBlank: [UInt32]
    // Plain memory is written by `init`, before the chain is shared, and never again.
    /// Whatever the number.
    nonisolated(unsafe) private let always: UnsafeMutableBufferPointer<UInt32>
    /// The least value that reaches each threshold, ascending.
    nonisolated(unsafe) private let leasts: UnsafeMutableBufferPointer<Int128>
    /// Whether the least value lies above the operand.
    nonisolated(unsafe) private let isStrict: UnsafeMutableBufferPointer<Bool>
    /// What holds from a threshold on, by threshold: at a rank, so many as `fromCount` says.
    nonisolated(unsafe) private let from: UnsafeMutableBufferPointer<UInt32>
    nonisolated(unsafe) private let fromCount: UnsafeMutableBufferPointer<Int>
    /// What holds until a threshold, from the last on: at a rank, so many as `untilCount` says.
    nonisolated(unsafe) private let until: UnsafeMutableBufferPointer<UInt32>
    nonisolated(unsafe) private let untilCount: UnsafeMutableBufferPointer<Int>
    /// What holds at one rank alone: `at[atStart[rank]..<atStart[rank + 1]]`.
    nonisolated(unsafe) private let at: UnsafeMutableBufferPointer<UInt32>
    nonisolated(unsafe) private let atStart: UnsafeMutableBufferPointer<Int>
    /// Hold at ranks of the range, or outside of it.
    private let between: [(ranks: Range<Int>, isInverted: Bool, payload: UInt32)]
    /// Hold everywhere but at some ranks.
    private let except: [(ranks: [Int], payload: UInt32)]

    /// Sorts the thresholds and lays out what holds at each rank.
    init(_ tests: NumberTests) {
        let sorted = Set(tests.forms.flatMap { NumberTests.thresholds(of: $0.form) }).sorted {
            ($0.operand, $0.isStrict ? 1 : 0) < ($1.operand, $1.isStrict ? 1 : 0)
        }
        isEmpty = tests.isEmpty
        onBlank = tests.onBlank
        always = .plain(tests.always)
        leasts = .plain(sorted.map { $0.isStrict ? $0.operand + 1 : $0.operand })
        isStrict = .plain(sorted.map(\.isStrict))
        let layout = Layout(tests.forms, sorted)
        let (from, until) = (NumberChain.flat(layout.from), NumberChain.flat(layout.until.reversed()))
        (self.from, fromCount) = (.plain(from.all), .plain(from.counts))
        (self.until, untilCount) = (.plain(until.all), .plain(until.counts.reversed()))
        let at = NumberChain.flat(layout.at)
        (self.at, atStart) = (.plain(at.all), .plain(at.counts))
        (between, except) = (layout.between, layout.except)
    }

    deinit {
        always.deallocate()
        leasts.deallocate()
        isStrict.deallocate()
        from.deallocate()
        fromCount.deallocate()
        until.deallocate()
        untilCount.deallocate()
        at.deallocate()
        atStart.deallocate()
    }

    /// Lists one after the other, and how many elements lie before each and at the end.
    private static func flat(_ lists: some Sequence<[UInt32]>) -> (all: [UInt32], counts: [Int]) {
        var all: [UInt32] = []
        var counts = [0]
        for list in lists {
            all += list
            counts.append(all.count)
        }
        return (all, counts)
    }

    /// What holds where, by threshold or rank.
    private struct Layout {
        var from: [[UInt32]]
        var until: [[UInt32]]
        var at: [[UInt32]]
        var between: [(ranks: Range<Int>, isInverted: Bool, payload: UInt32)] = []
        var except: [(ranks: [Int], payload: UInt32)] = []

        init(_ forms: [(form: NumberTests.Form, payload: UInt32)], _ sorted: [NumberTests.Threshold]) {
            let place = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
            from = Array(repeating: [], count: sorted.count)
            until = from
            at = Array(repeating: [], count: sorted.count + 1)
            for (form, payload) in forms {
                switch form {
                case .from(let threshold): if let index = place[threshold] { from[index].append(payload) }
                case .until(let threshold): if let index = place[threshold] { until[index].append(payload) }
                case .at(let operands, let isInverted):
                    // The rank of an operand itself ends where the next value begins.
                    let ranks = Set(operands.compactMap { place[.init(operand: $0, isStrict: true)] })
                    if isInverted { except.append((Array(ranks), payload)) }
                    for rank in isInverted ? [] : ranks { at[rank].append(payload) }
                case .between(let low, let high, let isInverted):
                    guard let first = place[.init(operand: low, isStrict: false)],
                        let last = place[.init(operand: high, isStrict: true)]
                    else { continue }
                    between.append(((first + 1)..<max(first + 1, last + 1), isInverted, payload))
                }
            }
        }
    }

    /// How many thresholds `value / divisor` has reached; the divisor is positive. Nothing is divided.
    func rank(of value: Int128, dividedBy divisor: Int = 1) -> Int {
        var low = 0
        var high = leasts.count
        while low < high {
            let middle = (low + high) / 2
            if isReached(middle, by: value, divisor) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isReached(_ threshold: Int, by value: Int128, _ divisor: Int) -> Bool {
        guard divisor != 1 else { return value >= leasts[threshold] }
        let operand = isStrict[threshold] ? leasts[threshold] - 1 : leasts[threshold]
        let product = operand * Int128(divisor)
        return isStrict[threshold] ? value > product : value >= product
    }

    /// The least value of a rank; nil for the lowest, which has none.
    func least(ofRank rank: Int) -> Int128? {
        rank == 0 ? nil : leasts[rank - 1]
    }

    /// The least value above those of a rank; nil for the highest.
    func least(aboveRank rank: Int) -> Int128? {
        rank == leasts.count ? nil : leasts[rank]
    }

    /// Appends what holds for values of a rank.
    func match(rank: Int, into payloads: inout [UInt32]) {
        append(always[...], to: &payloads)
        append(from[..<fromCount[rank]], to: &payloads)
        append(until[..<untilCount[rank]], to: &payloads)
        append(at[atStart[rank]..<atStart[rank + 1]], to: &payloads)
        for entry in between where entry.ranks.contains(rank) != entry.isInverted { payloads.append(entry.payload) }
        for entry in except where !entry.ranks.contains(rank) { payloads.append(entry.payload) }
    }

    private func append(_ list: Slice<UnsafeMutableBufferPointer<UInt32>>, to payloads: inout [UInt32]) {
        switch list.count {
        case 0: break
        case 1: payloads.append(list[list.startIndex])
        default: payloads.append(contentsOf: UnsafeMutableBufferPointer(rebasing: list))
        }
    }
}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
    /// A copy of the elements in memory of their own, for the owner to give back.
    fileprivate static func plain(_ elements: [Element]) -> UnsafeMutableBufferPointer {
        let memory = UnsafeMutableBufferPointer.allocate(capacity: elements.count)
        _ = memory.initialize(from: elements)
        return memory
    }
}

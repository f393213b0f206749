/// The greatest of any range of a growing list, in logarithmic time: maxima of blocks, of blocks of blocks, and so on.
struct RangeMaxima: Sendable {
    private static let fanOut = 16
    /// The values themselves, then the maxima of each sixteen of the level below.
    private var levels: [[Int64]] = [[]]

    /// Adds a value at the end.
    mutating func append(_ value: Int64) {
        levels[0].append(value)
        var place = levels[0].count - 1
        var level = 0
        while levels[level].count > Self.fanOut {
            level += 1
            if level == levels.count { levels.append([]) }
            // A new level begins with all that is below it.
            while levels[level].count * Self.fanOut < levels[level - 1].count {
                let first = levels[level].count * Self.fanOut
                let end = min(first + Self.fanOut, levels[level - 1].count)
                levels[level].append(levels[level - 1][first..<end].max() ?? value)
            }
            place /= Self.fanOut
            levels[level][place] = max(levels[level][place], value)
        }
    }

    /// The greatest value of a range that is not empty, and the last place where it stands.
    func last(in range: Range<Int>) -> (value: Int64, index: Int) {
        var best = (value: Int64.min, level: 0, place: range.upperBound - 1)
        var end = range.upperBound
        while end > range.lowerBound {
            let (level, size) = block(endingAt: end, from: range.lowerBound)
            let place = end / size - 1
            if levels[level][place] > best.value { best = (levels[level][place], level, place) }
            end -= size
        }
        return (best.value, descend(best.level, best.place, best.value))
    }

    /// The largest block that ends there and does not begin before `start`.
    private func block(endingAt end: Int, from start: Int) -> (level: Int, size: Int) {
        var level = 0
        var size = 1
        while level + 1 < levels.count, end.isMultiple(of: size * Self.fanOut), end - size * Self.fanOut >= start {
            level += 1
            size *= Self.fanOut
        }
        return (level, size)
    }

    /// The last place of a value inside a block that has it.
    private func descend(_ level: Int, _ place: Int, _ value: Int64) -> Int {
        var place = place
        for below in (0..<level).reversed() {
            let first = place * Self.fanOut
            let end = min(first + Self.fanOut, levels[below].count)
            place = levels[below][first..<end].lastIndex(of: value) ?? first
        }
        return place
    }
}

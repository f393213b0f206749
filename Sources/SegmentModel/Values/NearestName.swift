/// Finds what somebody may have meant: the "did you mean" of error messages.
public enum NameSuggestion {
    /// The candidate nearest to a misspelt word, or nil if none is near.
    ///
    /// Near is an edit distance of at most 2 or a third of the word's length, whichever is more, but 1 in words of up to
    /// three letters. An edit inserts, deletes or replaces a letter or swaps two neighbours; case does not count. Of
    /// equally near candidates the first in byte order. Cost: word length times candidate length, for each candidate.
    public static func nearest(to word: String, among candidates: some Collection<String>) -> String? {
        let letters = Array(TextFolding.folded(word).unicodeScalars)
        var distanceMax = letters.count <= 3 ? 1 : max(2, letters.count / 3)
        var nearest: String?
        for candidate in candidates {
            let others = Array(TextFolding.folded(candidate).unicodeScalars)
            guard abs(others.count - letters.count) <= distanceMax else { continue }
            let distance = editDistance(letters, others)
            guard distance <= distanceMax else { continue }
            if let best = nearest, distance == distanceMax, !candidate.utf8.lexicographicallyPrecedes(best.utf8) {
                continue
            }
            distanceMax = distance
            nearest = candidate
        }
        return nearest
    }

    /// The optimal string alignment distance, row by row.
    private static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (letter == other ? 0 : 1)
                var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    distance = min(distance, beforeLast[column - 1] + 1)
                }
                current.append(distance)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

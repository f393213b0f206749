internal import SegmentModel

extension DefinitionBook {
    /// The segments that are to be deleted together, each before those it refers to.
    ///
    /// Refused as a whole while a segment that is not among them refers to one of them. Cost: a look at every
    /// definition.
    func deletion(of references: [String]) throws(AudienceError) -> [Saved] {
        var chosen: [String: Saved] = [:]
        for (index, reference) in references.enumerated() {
            let saved = try segment(reference, at: "/segments/\(index)")
            chosen[saved.stored.id] = saved
        }
        try checkReferrers(of: chosen)
        var heights: [String: Int] = [:]
        return chosen.values
            .map { (saved: $0, height: height(of: $0, among: chosen, &heights)) }
            .sorted { ($1.height, $0.saved.stored.id) < ($0.height, $1.saved.stored.id) }
            .map(\.saved)
    }

    private func checkReferrers(of chosen: [String: Saved]) throws(AudienceError) {
        var referrers: [String: [String]] = [:]
        for (id, saved) in segments where chosen[id] == nil {
            for reference in saved.condition.segmentReferences where chosen[reference] != nil {
                referrers[reference, default: []].append(saved.stored.name)
            }
        }
        guard !referrers.isEmpty else { return }
        let sentences = referrers.map { id, names in
            let others = names.sorted().map { "“\($0)”" }.joined(separator: ", ")
            return "“\(name(of: id))” cannot be deleted: \(others) \(names.count == 1 ? "refers" : "refer") to it."
        }
        throw AudienceError(
            .segmentInUse, sentences.sorted().joined(separator: " "), related: Set(referrers.values.joined()).sorted())
    }

    /// The longest way down through references among the chosen; 0 for a segment that refers to none of them.
    private func height(of saved: Saved, among chosen: [String: Saved], _ known: inout [String: Int]) -> Int {
        if let height = known[saved.stored.id] { return height }
        var height = 0
        for reference in saved.condition.segmentReferences {
            guard let below = chosen[reference] else { continue }
            height = max(height, 1 + self.height(of: below, among: chosen, &known))
        }
        known[saved.stored.id] = height
        return height
    }
}

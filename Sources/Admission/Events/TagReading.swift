import SegmentModel

extension JSONTokens {
    func tagChange(at index: Int) throws(Refusal) -> TagChange {
        let members = try members(of: index, as: TagMember.self)
        if let set = optional(.set, in: members) {
            for other in [TagMember.add, .remove] {
                guard let token = optional(other, in: members) else { continue }
                throw Refusal(
                    token, .contradiction, "\"set\" names all tags and goes with neither \"add\" nor \"remove\".")
            }
            return .set(try tags(at: set))
        }
        let add = try optional(.add, in: members).map { (token) throws(Refusal) in try tags(at: token) } ?? []
        let remove = try optional(.remove, in: members).map { (token) throws(Refusal) in try tags(at: token) } ?? []
        guard add.count + remove.count <= AdmissionLimits.tagsMax else {
            throw Refusal(
                index, .tooMany,
                "\(add.count + remove.count) tags are named; at most \(AdmissionLimits.tagsMax) are taken.")
        }
        if !add.isEmpty && !remove.isEmpty { try checkDisjoint(add, remove, at: index) }
        return .edit(add: add, remove: remove)
    }

    /// Tags are a set: in the order of their bytes, each once, so that equal sets are equal events.
    private func tags(at index: Int) throws(Refusal) -> [String] {
        var tags = try list(at: index, max: AdmissionLimits.tagsMax, of: "tags") { (element) throws(Refusal) in
            try tag(at: element)
        }
        tags.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var distinct: [String] = []
        for tag in tags where !(distinct.last?.utf8.elementsEqual(tag.utf8) ?? false) { distinct.append(tag) }
        return distinct
    }

    private func tag(at index: Int) throws(Refusal) -> String {
        let text = try text(at: index)
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var end = scalars.endIndex
        while start < end, scalars[start].properties.isWhitespace { start = scalars.index(after: start) }
        while end > start, scalars[scalars.index(before: end)].properties.isWhitespace {
            end = scalars.index(before: end)
        }
        var trimmed = String(scalars[start..<end])
        let verdict = trimmed.withUTF8 { bytes -> Result<Void, Refusal> in
            do throws(Refusal) {
                try checkName(index, bytes, kind: "a tag", bytesMax: AdmissionLimits.tagBytesMax)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try verdict.get()
        return trimmed
    }

    /// A tag added and removed by the same event has no meaning that everybody would expect.
    private func checkDisjoint(_ add: [String], _ remove: [String], at index: Int) throws(Refusal) {
        let added = Set(add.map { TextFolding.folded($0) })
        for tag in remove where added.contains(TextFolding.folded(tag)) {
            throw Refusal(index, .contradiction, "The tag \"\(tag)\" is both added and removed.")
        }
    }
}

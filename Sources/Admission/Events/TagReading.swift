import SegmentModel

extension JSONTokens {
    func tagChange(at index: Int, to form: inout EventWriter) throws(Refusal) {
        let members = try members(of: index, as: TagMember.self)
        if let set = optional(.set, in: members) {
            for other in [TagMember.add, .remove] {
                guard let token = optional(other, in: members) else { continue }
                throw Refusal(
                    token, .contradiction, "\"set\" names all tags and goes with neither \"add\" nor \"remove\".")
            }
            form.byte(TagCode.set.rawValue)
            return write(try tags(at: set), to: &form)
        }
        let add = try optional(.add, in: members).map { (token) throws(Refusal) in try tags(at: token) } ?? []
        let remove = try optional(.remove, in: members).map { (token) throws(Refusal) in try tags(at: token) } ?? []
        guard add.count + remove.count <= AdmissionLimits.tagsMax else {
            throw Refusal(
                index, .tooMany,
                "\(add.count + remove.count) tags are named; at most \(AdmissionLimits.tagsMax) are taken.")
        }
        if !add.isEmpty && !remove.isEmpty { try checkDisjoint(add, remove, at: index) }
        form.byte(TagCode.edit.rawValue)
        write(add, to: &form)
        write(remove, to: &form)
    }

    /// A tag where it stands in the document, without the white space around it.
    private typealias Tag = UnsafeBufferPointer<UInt8>

    private func write(_ tags: [Tag], to form: inout EventWriter) {
        form.count(tags.count)
        for tag in tags { form.text(UnsafeRawBufferPointer(tag)) }
    }

    /// Tags are a set: in the order of their bytes, each once, so that equal sets are equal events.
    private func tags(at index: Int) throws(Refusal) -> [Tag] {
        var tags: [Tag] = []
        tags.reserveCapacity(try elementCount(of: index, max: AdmissionLimits.tagsMax, "tags"))
        var element = index + 1
        while element < next(after: index) {
            tags.append(try tag(at: element))
            element = next(after: element)
        }
        guard !zip(tags, tags.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else { return tags }
        tags.sort { $0.lexicographicallyPrecedes($1) }
        var distinct: [Tag] = []
        distinct.reserveCapacity(tags.count)
        for tag in tags where !(distinct.last?.elementsEqual(tag) ?? false) { distinct.append(tag) }
        return distinct
    }

    private func tag(at index: Int) throws(Refusal) -> Tag {
        let text = try text(at: index).assumingMemoryBound(to: UInt8.self).trimmed
        try checkName(index, text, kind: "a tag", bytesMax: AdmissionLimits.tagBytesMax)
        return text
    }

    /// A tag added and removed by the same event has no meaning that everybody would expect.
    private func checkDisjoint(_ add: [Tag], _ remove: [Tag], at index: Int) throws(Refusal) {
        let added = Set(add.map { Identifier(TextFolding.folded(String(decoding: $0, as: UTF8.self))) })
        for tag in remove {
            let text = String(decoding: tag, as: UTF8.self)
            guard added.contains(Identifier(TextFolding.folded(text))) else { continue }
            throw Refusal(index, .contradiction, "The tag \"\(text)\" is both added and removed.")
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The text without white space, of Unicode, at its ends.
    fileprivate var trimmed: UnsafeBufferPointer<UInt8> {
        // Most tags begin and end with a visible ASCII character.
        if let first, let last, first.isVisibleASCII, last.isVisibleASCII { return self }
        let scalars = String(decoding: self, as: UTF8.self).unicodeScalars
        let leading = scalars.prefix(while: \.properties.isWhitespace)
        let rest = scalars[leading.endIndex...]
        let trailing = rest.reversed().prefix(while: \.properties.isWhitespace)
        let start = leading.reduce(0) { $0 + UTF8.width($1) }
        let end = count - trailing.reduce(0) { $0 + UTF8.width($1) }
        return UnsafeBufferPointer(rebasing: self[start..<end])
    }
}

import SegmentModel

/// The names of a file's columns.
struct TableHeader {
    let names: [String]

    init(_ cells: [[UInt8]], of mapping: Mapping) throws(ImportError) {
        var names: [String] = []
        for cell in cells {
            guard let name = mapping.encoding.text(cell) else {
                throw ImportError(
                    """
                    The header is not UTF-8. If the file is from a spreadsheet on Windows, say "encoding": "windows-1252".
                    """, pointer: "/encoding")
            }
            names.append(String(name.trimmed))
        }
        self.names = names
    }

    /// The position of an origin's column; nil for a constant.
    func index(of origin: Mapping.Origin) throws(ImportError) -> Int? {
        guard case .column(let name) = origin.place else { return nil }
        let found = names.indices.filter { names[$0] == name }
        if let index = found.first, found.count == 1 { return index }
        guard found.isEmpty else {
            throw ImportError(
                "The header has \(found.count) columns named \(quoted(name)); give them different names.",
                pointer: origin.pointer)
        }
        throw ImportError("The header has no column \(quoted(name)). \(advice(for: name))", pointer: origin.pointer)
    }

    private func advice(for name: String) -> String {
        if let nearest = NameSuggestion.nearest(to: name, among: names) { return "Did you mean \(quoted(nearest))?" }
        if names.count == 1, let other = ([";", "\t", "|", ","] as [Character]).first(where: { names[0].contains($0) })
        {
            let sign = other == "\t" ? "\\t" : String(other)
            return "It has one column only: should the mapping say \"delimiter\": \"\(sign)\"?"
        }
        return "It has " + names.prefix(40).map { quoted($0) }.joined(separator: ", ") + "."
    }
}

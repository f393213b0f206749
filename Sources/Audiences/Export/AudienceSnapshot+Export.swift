internal import SegmentEngine
internal import SegmentModel

extension AudienceSnapshot {
    /// All members of a segment as text.
    func export(
        _ reference: String, columns names: [String]?, format: ExportFormat
    ) throws(AudienceError) -> TextExport {
        let columns = try names.map { names throws(AudienceError) in try self.columns(names) } ?? [.contact, .email]
        let members = try members(of: try book.segment(reference))
        return TextExport(
            frontier: frontier, count: members.count, columns: columns.map(\.name), format: format,
            rows: engine.rows(of: members, columns: columns))
    }

    /// The members of a saved segment. What the book has the engine has too; were it otherwise, nobody must be mailed.
    func members(of saved: DefinitionBook.Saved) throws(AudienceError) -> MemberSet {
        guard let members = engine.members(of: saved.stored.id) else {
            throw AudienceError(.segmentNotFound, "The segment “\(saved.stored.name)” is not there yet; try again.")
        }
        return members
    }

    private func columns(_ names: [String]) throws(AudienceError) -> [MemberColumn] {
        let fields = knownTypes.keys.sorted().map(\.text)
        var columns: [MemberColumn] = []
        for name in names {
            guard let column = MemberColumn(name: name, fields: fields) else { throw noColumn(name, fields: fields) }
            guard !columns.contains(column) else {
                throw AudienceError(.unknownColumn, "The column “\(name)” is named twice.")
            }
            columns.append(column)
        }
        guard !columns.isEmpty else { throw AudienceError(.unknownColumn, "Name at least one column.") }
        return columns
    }

    private func noColumn(_ name: String, fields: [String]) -> AudienceError {
        let known = (MemberColumn.fixed + fields.map { MemberColumn.custom($0) }).map(\.name)
        let shown = known.prefix(Self.columnsShownMax).joined(separator: ", ")
        let more = known.count > Self.columnsShownMax ? ", … (\(known.count) in all)" : ""
        return AudienceError(
            .unknownColumn, "There is no column “\(name)”. Known columns: \(shown)\(more).",
            related: NameSuggestion.nearest(to: name, among: known).map { [$0] } ?? [])
    }

    private static let columnsShownMax = 200
}

extension AudienceError.Code {
    /// An export names a column that is none, or one twice.
    public static let unknownColumn = AudienceError.Code(rawValue: "unknown_column")
}

extension Audience {
    /// All members of a segment as text, in the order of their ids' bytes and at one frontier.
    ///
    /// - Parameter columns: names of columns; contact and e-mail address if nil.
    public func export(
        _ reference: String, columns: [String]? = nil, format: ExportFormat
    ) async throws(AudienceError) -> TextExport {
        try await snapshot().export(reference, columns: columns, format: format)
    }
}

internal import SegmentModel

/// What the truths of leaves depend on besides the records, the leaves and the instant, as bytes to be compared.
enum CheckpointBasis {
    /// Nil if it is not known which program this is: what it computes is then good for itself alone.
    static func bytes(of context: EvaluationContext) -> [UInt8]? {
        guard let program = ProgramMark.text else { return nil }
        let statuses = context.countedStatuses.map(\.rawValue).sorted()
        let types = context.fieldTypes.map { "\($0.key.text.utf8.count) \($0.key) \($0.value.rawValue)" }
            .sorted { $0.precedesByBytes($1) }
        let lists = [statuses, types].map { $0.joined(separator: "\n") }
        let parts = [program, "\(context.zone.name) \(context.zone.checksum)", context.currency] + lists
        return Array(parts.joined(separator: "\0").utf8)
    }
}

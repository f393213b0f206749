internal import CPlatform
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
        let parts = [program, zone(context.zone), context.currency] + lists
        return Array(parts.joined(separator: "\0").utf8)
    }

    /// A zone by its name and the checksum of its offsets: the rules of a name change from edition to edition.
    private static func zone(_ rules: TimeZoneRules) -> String {
        var checksum: UInt32 = 0
        var instant: Instant? = .earliest
        while let start = instant, start < lastLookedAt {
            let span = (start.microseconds.littleEndian, Int64(rules.offsetSeconds(at: start)).littleEndian)
            checksum = withUnsafeBytes(of: span) { platform_crc32c(checksum, $0.baseAddress, $0.count) }
            instant = rules.nextTransition(after: start)
        }
        return "\(rules.name) \(checksum)"
    }

    /// The end of the year 2400: the rules that are left then have repeated themselves often.
    private static let lastLookedAt = Instant(microseconds: 13_601_088_000_000_000)
}

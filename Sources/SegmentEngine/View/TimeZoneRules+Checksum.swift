internal import CPlatform
public import SegmentModel

extension TimeZoneRules {
    /// The checksum of the zone's offsets until the year 2400: the rules of a name change from edition to edition. Costs a
    /// look at each of them.
    public var checksum: UInt32 {
        var checksum: UInt32 = 0
        var instant: Instant? = .earliest
        while let start = instant, start < Self.lastLookedAt {
            let span = (start.microseconds.littleEndian, Int64(offsetSeconds(at: start)).littleEndian)
            checksum = withUnsafeBytes(of: span) { platform_crc32c(checksum, $0.baseAddress, $0.count) }
            instant = nextTransition(after: start)
        }
        return checksum
    }

    /// The end of the year 2400: the rules that are left then have repeated themselves often.
    private static let lastLookedAt = Instant(microseconds: 13_601_088_000_000_000)
}

/// The bounds of what an audience keeps in memory; without them the daemon would die instead of refusing.
public enum AudienceLimits {
    /// Saved segments.
    public static let segmentsMax = 100_000
    /// Contacts; with so many, an audience takes no more events. Those of events that are not visible yet come on top.
    public static let contactsMax = 100_000_000

    /// Refuses one segment more than there may be.
    static func checkRoom(forSegmentBeside count: Int) throws(AudienceError) {
        guard count >= segmentsMax else { return }
        throw AudienceError(
            .planLimit, "An audience has at most \(segmentsMax) segments. Delete some that nobody needs any more.",
            pointer: "/name")
    }

    /// Refuses events where there are as many contacts as there may be.
    static func checkRoom(forEventsBesideContacts count: Int) throws(AudienceError) {
        guard count >= contactsMax else { return }
        throw AudienceError(
            .storageFull,
            """
            The audience has \(count) contacts; with \(contactsMax) it takes no more events. Spread the contacts over \
            several audiences.
            """)
    }
}

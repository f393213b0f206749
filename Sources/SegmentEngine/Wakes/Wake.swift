/// The instant at which a contact has to be looked at although nothing happened to it, in microseconds since 1970.
struct Wake: Comparable, Sendable {
    /// The instant of a contact that has no wake.
    static let never = Int64.max

    var instant: Int64
    var ordinal: Ordinal

    static func < (left: Wake, right: Wake) -> Bool {
        left.instant != right.instant ? left.instant < right.instant : left.ordinal < right.ordinal
    }

    /// The number of the bucket that holds an instant: buckets are 2^32 microseconds wide, some 72 minutes.
    static func bucket(of instant: Int64) -> Int {
        Int(instant >> 32)
    }
}

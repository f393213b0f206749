/// The bytes of answers that a client has not taken: tells one that takes them slowly from one that takes none.
struct UntakenBytes {
    /// When they were last looked at, and those written since.
    private var count = 0

    mutating func write(_ bytes: Int) { count += bytes }

    /// Whether some were taken since the last look.
    mutating func look(left: Int) -> Bool {
        defer { count = left }
        return left < count
    }
}

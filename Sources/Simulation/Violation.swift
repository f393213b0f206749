/// A promise that was broken: which one, and what was seen.
public struct Violation: Error, Equatable, Sendable {
    /// The promise, in words.
    public var promise: String
    /// What was seen instead.
    public var detail: String

    init(_ promise: String, _ detail: String) {
        self.promise = promise
        self.detail = detail
    }
}

/// Refuses what is not as promised.
func require(
    _ condition: Bool, _ promise: @autoclosure () -> String, _ detail: @autoclosure () -> String
) throws {
    guard condition else { throw Violation(promise(), detail()) }
}

/// Refuses two values that should be the same.
func requireEqual<Value: Equatable>(_ found: Value, _ expected: Value, _ promise: String, _ place: String) throws {
    guard found == expected else {
        throw Violation(promise, "\(place): \(excerpt(found)), expected \(excerpt(expected))")
    }
}

/// Refuses lists that differ, and says where they begin to.
func requireEqual<Value: Equatable>(_ found: [Value], _ expected: [Value], _ promise: String, _ place: String) throws {
    guard found != expected else { return }
    let first = zip(found, expected).prefix { $0 == $1 }.count
    let (here, there) = (found.dropFirst(first).first, expected.dropFirst(first).first)
    throw Violation(
        promise,
        """
        \(place): \(found.count) instead of \(expected.count), the first difference at \(first + 1): \
        \(here.map(excerpt) ?? "nothing"), expected \(there.map(excerpt) ?? "nothing")
        """)
}

/// A report is read by people.
private func excerpt(_ value: some Any) -> String {
    let text = "\(value)"
    return text.count <= 400 ? text : text.prefix(400) + "…"
}

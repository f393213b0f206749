/// A promise that was not kept, or a campaign that could not be run.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Why a command ends early: a sentence for standard error, and the exit status (after sysexits.h).
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    init(_ description: String, status: Int32 = BenchFailure.badInput) {
        self.description = description
        self.status = status
    }

    /// A measured run gave other results than it should: the one thing that measuring fails on.
    static let wrongResult: Int32 = 1
    /// The input is not what it should be.
    static let badInput: Int32 = 65
    /// A file cannot be opened.
    static let noInput: Int32 = 66
    /// A file cannot be written.
    static let storage: Int32 = 74
}

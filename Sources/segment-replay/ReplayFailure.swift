/// Why a command ends early: a sentence for standard error, and the exit status (after sysexits.h).
struct ReplayFailure: Error {
    var message: String
    var status: Int32

    init(_ message: String, status: Int32 = ReplayFailure.badInput) {
        self.message = message
        self.status = status
    }

    /// The input is not what it should be.
    static let badInput: Int32 = 65
    /// A file cannot be opened.
    static let noInput: Int32 = 66
    /// Another process has the directory open.
    static let unavailable: Int32 = 69
    /// A promise was broken.
    static let broken: Int32 = 70
    /// The log could not be read or written.
    static let storage: Int32 = 74
}

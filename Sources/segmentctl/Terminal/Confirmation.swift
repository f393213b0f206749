/// A question before something is done.
enum Confirmation {
    /// Returns if the answer is yes.
    ///
    /// - Parameters:
    ///   - question: without `[y/N]`.
    ///   - deed: what needs the answer, where nobody can be asked: `deleting s3`.
    ///   - refusal: what is said if the answer is no.
    static func ask(_ question: String, deed: String, refusal: String) throws {
        guard Output(descriptor: 0).isTerminal, Output.error.isTerminal else {
            throw Failure("\(deed) needs --yes where nobody can be asked.", exitCode: .usage)
        }
        try Output.error.write(TextWidth.printable(question) + " [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else { throw Failure(refusal, exitCode: .no) }
    }
}

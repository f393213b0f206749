import ArgumentParser
import Glibc

/// What a campaign says on its way, and at its end.
struct Report {
    private let scope: String

    /// - Parameter scope: how much was looked at.
    init(_ scope: String) {
        self.scope = scope
    }

    private static let shownMax = 20

    /// Prints the result; ends with exit code 1 if something was found.
    func end(_ found: [String]) throws {
        for line in found.prefix(Self.shownMax) { Self.write(line + "\n", to: STDOUT_FILENO) }
        Self.write("\(scope): \(found.count) violations\n", to: STDOUT_FILENO)
        guard found.isEmpty else { throw ExitCode(1) }
    }

    /// Shows on standard error how far a long campaign is.
    static func progress(_ done: Int, of count: Int, _ unit: String, violations: Int) {
        let end = isatty(STDERR_FILENO) == 1 && done < count ? "\r" : "\n"
        write("\(done) of \(count) \(unit), \(violations) violations\(end)", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: CInt) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

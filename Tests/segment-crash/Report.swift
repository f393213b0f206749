import ArgumentParser
import Glibc

/// What a campaign says at its end.
struct Report {
    private let scope: String

    /// - Parameter scope: how much was looked at.
    init(_ scope: String) {
        self.scope = scope
    }

    private static let shownMax = 20

    /// Prints the result; ends with exit code 1 if something was found.
    func end(_ found: [String]) throws {
        for line in found.prefix(Self.shownMax) { Self.write(line + "\n") }
        Self.write("\(scope): \(found.count) violations\n")
        guard found.isEmpty else { throw ExitCode(1) }
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

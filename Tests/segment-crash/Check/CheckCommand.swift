import ArgumentParser
import ControlAPI
import Glibc
import SegmentModel

/// `segment-crash check`: checks the directories it is told of, one after the other, in a process of its own, since a
/// damaged file may end the process that maps it.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks directories named on standard input against ledgers.",
        shouldDisplay: false)

    /// One line of input.
    struct Question: Codable {
        var path: String
        var ledger: Ledger
    }

    func run() async throws {
        while let line = readLine() {
            let question = try WireCoding.decode(Question.self, from: Array(line.utf8))
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let now = Instant(microseconds: (Int64(time.tv_sec) + Self.aheadSeconds) * 1_000_000)
            var finding = ""
            do {
                try await DirectoryCheck(path: question.path, ledger: question.ledger, now: now).run()
            } catch {
                finding = "\(error)".replacing("\n", with: " ")
            }
            let answer = Array((finding + "\n").utf8)
            guard write(STDOUT_FILENO, answer, answer.count) == answer.count else { return }
        }
    }

    /// Later than whatever the daemons recorded.
    private static let aheadSeconds: Int64 = 3_600
}

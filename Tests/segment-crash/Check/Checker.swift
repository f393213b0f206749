import ControlAPI
import Glibc
import LMDB

/// A child process that checks directories, on a thread that waits for it; one that dies is started anew.
actor Checker {
    private let executor: PinnedExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let errors: String
    private var child: (process: ChildProcess, line: CInt)?

    /// - Parameter errors: file for what the child writes to standard error.
    init(errors: String) {
        self.errors = errors
        executor = PinnedExecutor(name: "checker")
    }

    /// Checks one directory.
    ///
    /// - Returns: what is wrong with it; nil if nothing is.
    func check(_ path: String, against ledger: Ledger) throws -> String? {
        let (process, descriptor) = try running()
        let question = CheckCommand.Question(path: path, ledger: ledger)
        let line = try WireCoding.encode(question) + [UInt8(ascii: "\n")]
        guard write(descriptor, line, line.count) == line.count, let answer = Self.readLine(descriptor) else {
            let end = process.end(within: Self.endLimit)
            stop()
            return "the process that opened it ended with \(end.map { "\($0)" } ?? "nothing")"
        }
        return answer.isEmpty ? nil : answer
    }

    /// Ends the child.
    func stop() {
        guard let child else { return }
        self.child = nil
        close(child.line)
        child.process.kill()
    }

    private static let endLimit = Duration.seconds(5)

    private func running() throws -> (process: ChildProcess, line: CInt) {
        if let child { return child }
        // Not a pipe: other children that are started at the same time must not inherit an end of it.
        var ends: [CInt] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Violation("no pair of sockets") }
        let process = try ChildProcess(
            Programs.own, ["check"], environment: ["SWIFT_BACKTRACE": "enable=no"], input: ends[1], output: ends[1],
            errors: errors)
        close(ends[1])
        child = (process, ends[0])
        return (process, ends[0])
    }

    private static func readLine(_ descriptor: CInt) -> String? {
        var line: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while line.last != UInt8(ascii: "\n") {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return nil }
            line += piece[..<count]
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }
}

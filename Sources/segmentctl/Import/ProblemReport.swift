import ArgumentParser
import ControlAPI
import Glibc

/// Lines that were not taken, for people and, all of them, in a file.
struct ProblemReport: ~Copyable {
    private let file: Int32?

    /// Opens the file, if one is wanted; what it held is replaced.
    init(path: String?) throws(Failure) {
        guard let path else {
            file = nil
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("cannot write \(path): \(systemMessage(errno)).", exitCode: .ioError)
        }
        file = descriptor
    }

    deinit {
        if let file { close(file) }
    }

    /// Writes problems to the file, one JSON object per line.
    borrowing func keep(_ problems: [IngestProblem]) throws {
        guard let file, !problems.isEmpty else { return }
        var lines: [UInt8] = []
        for problem in problems {
            lines += try WireCoding.encode(problem)
            lines.append(UInt8(ascii: "\n"))
        }
        try Output(descriptor: file).write(lines)
    }

    /// `line 17: /data/total: amount_invalid: message`
    static func line(_ problem: IngestProblem, noun: String = "line") -> String {
        let pointer = problem.pointer.map { $0.isEmpty ? "" : $0 + ": " } ?? ""
        return TextWidth.printable("\(noun) \(problem.line): \(pointer)\(problem.code): \(problem.message)")
    }

    /// The first problems, and how many more there are.
    static func text(of summary: ImportSummary, file: String?) -> String {
        var text = summary.total.problems.reduce("") { $0 + line($1, noun: summary.placeNoun) + "\n" }
        let more = summary.problemCount - summary.total.problems.count
        if more > 0 {
            text += "… and \(Quantities.grouped(more)) more"
            text += file.map { ": all are in \($0)\n" } ?? "; --problems FILE writes all of them to a file\n"
        }
        return text
    }
}

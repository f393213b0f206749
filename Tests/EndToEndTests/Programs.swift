import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage
import Testing

/// The programs of the project, as they were built beside the tests.
enum Program: String {
    case daemon = "segmentd"
    case control = "segmentctl"
    case replay = "segment-replay"
    /// Not installed: takes power, processes and system calls away from the daemon.
    case crash = "segment-crash"

    /// Where the program lies.
    var path: String {
        get throws {
            let found = Self.directory.map { $0 + "/" + rawValue }
            return try #require(found, "no built program stands beside the tests or above them")
        }
    }

    /// The nearest directory at or above the test's executable that holds the daemon.
    private static let directory: String? = {
        var place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        while let path = place, let slash = path.lastIndex(of: "/") {
            let parent = String(path[..<slash])
            if isProgram(parent + "/segmentd") { return parent }
            place = parent
        }
        return nil
    }()

    private static func isProgram(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Runs the program to its end.
    func run(_ arguments: [String]) async throws -> Finished {
        try await Finished.running(path, arguments)
    }

    /// Whether the programs were built with a sanitizer, as this one was.
    static let isSanitized = dlsym(nil, "__tsan_init") != nil || dlsym(nil, "__asan_init") != nil

    /// Nothing that the one who runs the tests has set reaches a program under test, but how a sanitizer is to work.
    static let environment: Environment = {
        var values: [Environment.Key: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]
        for key: Environment.Key in ["ASAN_OPTIONS", "TSAN_OPTIONS"] {
            if let value = getenv(key.rawValue) { values[key] = String(cString: value) }
        }
        return .custom(values)
    }()
}

/// What a program that has ended left behind.
struct Finished: Sendable, CustomStringConvertible {
    /// The exit code; of a program that was ended by a signal, 128 and the signal's number.
    let code: Int32
    let output: String
    let errors: String

    init(_ status: TerminationStatus, output: String, errors: String) {
        code =
            switch status {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        self.output = output
        self.errors = errors
    }

    var description: String { "exit code \(code)\n\(output.prefix(2_000))\n\(errors.prefix(2_000))" }

    /// Runs the program at that path to its end.
    static func running(_ path: String, _ arguments: [String]) async throws -> Finished {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: Program.environment,
            input: .none, output: .string(limit: outputBytesMax), error: .string(limit: outputBytesMax))
        return Finished(result.terminationStatus, output: result.standardOutput, errors: result.standardError)
    }

    private static let outputBytesMax = 64 << 20

    /// Runs one of the system's programs, found by its name, to its end.
    static func system(_ name: String, _ arguments: [String]) async throws -> Finished {
        try await running("/usr/bin/env", [name] + arguments)
    }

    /// This, if the program ended well.
    func succeeded(sourceLocation: SourceLocation = #_sourceLocation) throws -> Finished {
        try #require(code == 0, "\(self)", sourceLocation: sourceLocation)
        return self
    }

    /// The lines of the output.
    var lines: [Substring] { output.split(whereSeparator: \.isNewline) }
}

/// Files of the package and beside it.
enum Files {
    /// The package's root.
    static let root = String(#filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 })

    /// The files of a directory of the package, sorted.
    static func all(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + directory).sorted()
            .map { "\(root)/\(directory)/\($0)" }
    }

    /// The whole of a file.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Tutorial")
    struct TutorialTests {
        /// Set to `update`, the test writes what the commands print into the document instead of comparing.
        private static let isUpdate = getenv("SEGMENTD_TUTORIAL").map { String(cString: $0) } == "update"

        @Test("Every command of the tutorial does what the tutorial says")
        func commands() async throws {
            let path = Files.root + "/docs/tutorial.md"
            let document = TutorialDocument(try Files.text(path))
            let outputs = try await Self.run(document.commands)
            if Self.isUpdate {
                try document.replacingOutputs(outputs).write(toFile: path, atomically: true, encoding: .utf8)
                return
            }
            #expect(outputs.count == document.commands.count)
            for (command, output) in zip(document.commands, outputs) {
                #expect(
                    TutorialDocument.fits(output, command.output),
                    "docs/tutorial.md:\(command.line): $ \(command.text)\n\(output.joined(separator: "\n"))")
            }
        }

        @Test("A tutorial's gaps stand for any text, and what it says otherwise must be there")
        func gaps() {
            func fits(_ output: String..., as expected: String...) -> Bool { TutorialDocument.fits(output, expected) }
            #expect(fits("a  b", as: "a b"))
            #expect(fits("at 2026-03-02T10:00:01.25Z", as: "at 2026-03-02T10:00:07.5Z"))
            #expect(!fits("at 2026-03-02T10:00:01.25Z", as: "at 2026-03-02T11:00:07.5Z"))
            #expect(!fits("at 2026-03-02T10:00:01Z", as: "at 2026-03-02T10:00:07Z"))
            #expect(fits("a 1 b 2", as: "a … b …") && !fits("a 1 c 2", as: "a … b …"))
            #expect(fits("a", "b", "c", as: "a", "…", "c") && fits("a", "c", as: "a", "…", "c"))
            #expect(!fits("a", "b", as: "a", "…", "c") && !fits("a", "b", as: "a") && !fits("a", as: "a", "b"))
        }

        /// Runs the commands one after the other in one shell, in a copy of the tutorial's files.
        private static func run(_ commands: [TutorialDocument.Command]) async throws -> [[String]] {
            let directory = try TemporaryDirectory()
            let script = commands.reduce(try head(in: directory)) { script, command in
                script + "printf '%s\\n' '\(separator)'\n\(command.text)\n"
            }
            try directory.write(script, to: "script")
            let done = try await Finished.system("bash", [directory.path("script")]).succeeded()
            #expect(done.errors.isEmpty)
            return done.output.split(separator: separator + "\n", omittingEmptySubsequences: false).dropFirst()
                .map { $0.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
        }

        private static let separator = "---------- next command ----------"

        /// Ends with the last command's success whatever it returned; a daemon that still runs is ended.
        private static func head(in directory: TemporaryDirectory) throws -> String {
            let programs = try Program.daemon.path.dropLast("/segmentd".count)
            return """
                mkdir '\(directory.path("docs"))'
                cp -r '\(Files.root)/docs/tutorial' '\(directory.path("docs"))'
                cp -r '\(Files.root)/Config' '\(directory.path("Config"))'
                cd '\(directory.path("docs/tutorial"))'
                export PATH="\(programs):$PATH" HOME="$PWD"
                trap 'kill $(jobs -p) 2>/dev/null; wait; exit 0' EXIT
                exec 2>&1

                """
        }
    }
}

import TestSupport
import Testing

extension EndToEnd {
    /// The manual pages as `scripts/man` makes them of the built programs.
    @Suite("Manual pages")
    struct ManualTests {
        @Test("They name every command and the date they are told, and render without a warning")
        func pages() async throws {
            let place = try TemporaryDirectory()
            let pages = try await made(in: place.path("pages"))
            #expect(
                pages.map(\.name) == ["segment-replay.1", "segmentctl.1", "segmentd.8", "segmentd.yaml.5"])
            let control = try #require(pages.first { $0.name == "segmentctl.1" })
            let commands = control.text.split(separator: "\n").filter { $0.hasPrefix(".SS ") }
            for command in ["status", "event import", "segment save", "segment explain", "conditions"] {
                #expect(commands.contains(".SS segmentctl " + command))
            }
            for page in pages {
                #expect(page.text.contains(" 2026-03-01 "), "\(page.name)")
                #expect(page.text.contains("SEE ALSO"))
                try await expectRendering(page)
            }
        }

        private struct Page {
            let name: String
            let path: String
            let text: String
        }

        private func made(in directory: String) async throws -> [Page] {
            let programs = try Program.daemon.path.dropLast(Program.daemon.rawValue.count + 1)
            let settings = ["PROGRAMS=\(programs)", "SOURCE_DATE_EPOCH=1772323200"]
            _ = try await Finished.running("/usr/bin/env", settings + [Files.root + "/scripts/man", directory])
                .succeeded()
            let names = try await Finished.system("ls", [directory]).succeeded().lines.map(String.init)
            return try names.map { name in
                Page(name: name, path: directory + "/" + name, text: try Files.text(directory + "/" + name))
            }
        }

        /// Where groff is installed it takes the page, and has nothing to say about it.
        private func expectRendering(_ page: Page) async throws {
            guard try await Finished.system("which", ["groff"]).code == 0 else { return }
            let rendered = try await Finished.system("groff", ["-k", "-man", "-ww", "-Tutf8", page.path]).succeeded()
            #expect(rendered.errors.isEmpty, "\(page.name): \(rendered.errors)")
            #expect(rendered.output.contains("SEGMENT"))
        }
    }
}

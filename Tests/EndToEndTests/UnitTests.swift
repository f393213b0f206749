import FoundationEssentials
import TestSupport
import Testing

extension EndToEnd {
    @Suite("systemd's units", .enabled(if: Tool.analyze.isThere))
    struct UnitTests {
        @Test("They are verified without a word, and the service is exposed to as little as possible")
        func units() async throws {
            let place = try TemporaryDirectory()
            var units: [String] = []
            for unit in try Files.all(in: "systemd") where unit.hasSuffix(".service") || unit.hasSuffix(".socket") {
                let name = String(unit.split(separator: "/").last ?? "")
                // The programs lie where they were built, and not yet where they will be installed.
                let text = try Files.text(unit).replacing("/usr/bin/segment", with: try Self.programs + "/segment")
                try place.write(text, to: name)
                units.append(place.path(name))
            }
            #expect(units.count >= 4)
            let verified = try await Finished.system(Tool.analyze.rawValue, ["verify"] + units)
            #expect(verified.code == 0)
            #expect(verified.output + verified.errors == "")

            let exposure = try await Finished.system(
                Tool.analyze.rawValue,
                ["security", "--offline=yes", "--threshold=10", "--no-pager", place.path("segmentd.service")])
            #expect(exposure.code == 0, "\(exposure.lines.last ?? "")")
        }

        private static var programs: String {
            get throws { String(try Program.daemon.path.dropLast("/segmentd".count)) }
        }
    }
}

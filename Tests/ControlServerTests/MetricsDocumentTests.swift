import ControlAPI
import FoundationEssentials
import Meters
import SegmentModel
import Testing

@testable import ControlServer

/// What is written about metrics: the page, the alert rules, the dashboard.
@Suite struct MetricsDocumentTests {
    private func file(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOfFile: root.path + "/" + path, encoding: .utf8)
    }

    @Test func `metrics.md lists every metric with its kind and labels, in the order of the text`() throws {
        let rows = try file("docs/metrics.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.map { row in
            row.split(separator: "|").prefix(3).map { $0.filter { $0 != "`" } }.map { $0.trimmingPrefix(" ") }
                .map { String($0.reversed().drop { $0 == " " }.reversed()) }
        }
        let exported = MetricsReport.families.map { family in
            [family.name, family.kind.rawValue, family.labels.joined(separator: " ")]
        }
        #expect(documented == exported)
    }

    @Test(arguments: ["Config/prometheus/alerts.yaml", "Config/grafana/segmentd.json"])
    func `rules and dashboard use no metric and no label that is not exported`(path: String) throws {
        let text = try file(path)
        let families = MetricsReport.families
        var names: Set<String> = []
        for family in families {
            switch family.kind {
            case .counter, .gauge: names.insert(family.name)
            case .histogram: names.formUnion(["_bucket", "_sum", "_count"].map { family.name + $0 })
            case .summary: names.formUnion(["_sum", "_count"].map { family.name + $0 })
            }
        }
        let used = text.matches(of: /\b(?:segmentd|process)_[a-z_]+/).map { String($0.output) }
        #expect(used.count > 20)
        #expect(Set(used).subtracting(names).isEmpty)
        let labels = Set(families.flatMap(\.labels) + ["le", "job", "instance"])
        let grouped = text.matches(of: /\bby ?\(([^)]*)\)/).flatMap { $0.output.1.split(separator: ",") }
        let selected = text.matches(of: /[{,]\s*([a-z_]+) ?(?:=~|!=|!~|=) ?\\?"/).map(\.output.1)
        let given = text.matches(of: /\$labels\.([a-z_]+)/).map(\.output.1)
        for label in (grouped + selected + given).map({ $0.filter { $0 != " " } }) {
            #expect(labels.contains(label), "\(label)")
        }
    }

    @Test func `what is said of open connections goes by their bounds`() throws {
        let rules = try file("Config/prometheus/alerts.yaml")
        let threshold = try #require(
            rules.firstMatch(of: /segmentd_connections_open > (\d+)/).flatMap { Int($0.output.1) })
        // A user that is at its bound has been warned of, and one in ordinary use is not.
        #expect((Bounds.connectionsPerUserMax * 4 / 5..<Bounds.connectionsPerUserMax).contains(threshold))
        let metrics = try file("docs/metrics.md")
        for bound in [Bounds.connectionsMax, Bounds.connectionsPerUserMax] {
            let text = "\(bound / 1_000),\(String(1_000 + bound % 1_000).dropFirst())"
            #expect(rules.contains("at \(text) of"))
            #expect(metrics.contains("at \(text) "))
        }
    }

    @Test func `every alert is explained, and no other`() throws {
        let rules = try file("Config/prometheus/alerts.yaml")
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
        #expect(alerts.count > 10 && Set(alerts).count == alerts.count)
        // Each has all that it needs; the indentation is that of the file.
        for key in ["expr:", "for:", "severity:", "summary:", "description:"] {
            #expect(rules.matches(of: try Regex("\\n +" + key)).count == alerts.count, "\(key)")
        }
        let explained = try file("docs/operating.md").matches(of: /\n\| `(Segmentd\w+)` \|/).map { String($0.output.1) }
        #expect(explained == alerts)
    }

    @Test func `the dashboard is JSON whose panels have titles, units and places of their own`() throws {
        let dashboard = try WireCoding.decode(JSONValue.self, from: Array(file("Config/grafana/segmentd.json").utf8))
        guard case .array(let panels)? = dashboard["panels"] else {
            Issue.record("no panels")
            return
        }
        let graphs = panels.filter { $0["type"] != .string("row") }
        #expect(graphs.count > 12)
        #expect(Set(panels.map { $0["id"]?.text }).count == panels.count)
        #expect(Set(panels.map { $0["gridPos"]?.text }).count == panels.count)
        #expect(Set(panels.map { $0["title"]?.text }).count == panels.count)
        for panel in graphs {
            #expect(panel["fieldConfig"]?["defaults"]?["unit"] != nil, "\(panel["title"]?.text ?? "?")")
            guard case .array(let targets)? = panel["targets"] else {
                Issue.record("\(panel["title"]?.text ?? "?") has no targets")
                continue
            }
            #expect(targets.allSatisfy { $0["expr"] != nil && $0["legendFormat"] != nil })
        }
    }
}

import Testing

/// The text of metrics, read as strictly as its format is written: version 0.0.4 of Prometheus' exposition format.
struct MetricsText {
    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        var help: String?
        var kind: String?
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]
    private(set) var order: [String] = []

    struct Wrong: Error, CustomStringConvertible {
        let line: Substring
        let reason: String
        var description: String { "\(reason): \(line)" }
    }

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Wrong(line: text.suffix(40), reason: "the last line is not ended") }
        var seen: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                try takeComment(line)
            } else {
                try take(Self.sample(line), line, &seen)
            }
        }
    }

    subscript(name: String, labels: [String: String]) -> Double? {
        families.values.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func takeComment(_ line: Substring) throws {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, Self.isName(words[2][...]) else {
            throw Wrong(line: line, reason: "no comment of a metric")
        }
        switch words[1] {
        case "HELP":
            guard families[words[2]] == nil else { throw Wrong(line: line, reason: "told twice") }
            order.append(words[2])
            families[words[2]] = Family(help: words[3])
        case "TYPE":
            guard order.last == words[2], families[words[2]]?.kind == nil else {
                throw Wrong(line: line, reason: "not right after its help")
            }
            guard ["counter", "gauge", "histogram", "summary"].contains(words[3]) else {
                throw Wrong(line: line, reason: "no kind of metric")
            }
            families[words[2]]?.kind = words[3]
        default: throw Wrong(line: line, reason: "another comment")
        }
    }

    private mutating func take(_ sample: Sample, _ line: Substring, _ seen: inout Set<String>) throws {
        guard let family = order.last, let kind = families[family]?.kind else {
            throw Wrong(line: line, reason: "a sample before its type")
        }
        let suffixes = ["histogram": ["_bucket", "_sum", "_count"], "summary": ["_sum", "_count"]][kind] ?? [""]
        guard suffixes.contains(where: { sample.name == family + $0 }) else {
            throw Wrong(line: line, reason: "a sample of another metric")
        }
        guard seen.insert(line.prefix(upTo: line.lastIndex(of: " ") ?? line.endIndex).description).inserted else {
            throw Wrong(line: line, reason: "the same sample twice")
        }
        if kind == "counter", !(sample.value >= 0) { throw Wrong(line: line, reason: "a counter below zero") }
        families[family]?.samples.append(sample)
    }

    // MARK: Lines

    private static func sample(_ line: Substring) throws -> Sample {
        var rest = line
        let name = rest.prefix { $0 != "{" && $0 != " " }
        guard isName(name) else { throw Wrong(line: line, reason: "no name") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let (label, value) = try label(&rest, line)
                guard labels.updateValue(value, forKey: label) == nil else {
                    throw Wrong(line: line, reason: "a label twice")
                }
            } while rest.first == ","
            guard rest.first == "}" else { throw Wrong(line: line, reason: "labels without an end") }
            rest = rest.dropFirst()
        }
        let numbers = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan]
        let text = String(rest.dropFirst())
        guard rest.first == " ", let value = numbers[text] ?? Double(text), !text.contains(" ") else {
            throw Wrong(line: line, reason: "no number")
        }
        return Sample(name: String(name), labels: labels, value: value)
    }

    private static func label(_ rest: inout Substring, _ line: Substring) throws -> (String, String) {
        let name = rest.prefix { $0 != "=" }
        guard isName(name), !name.contains(":"), rest.dropFirst(name.count).hasPrefix("=\"") else {
            throw Wrong(line: line, reason: "no label")
        }
        rest = rest.dropFirst(name.count + 2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            guard character == "\\" else {
                value.append(character)
                continue
            }
            guard let escaped = rest.popFirst(), let meant = ["\\": "\\", "n": "\n", "\"": "\""][escaped] else {
                throw Wrong(line: line, reason: "an escape that is none")
            }
            value += meant
        }
        return (String(name), value)
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.first?.isNumber == false
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    }
}

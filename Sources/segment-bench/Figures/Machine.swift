import Glibc

/// What the figures were measured on.
enum Machine {
    /// Processors, their model, and memory.
    static var text: String {
        let memory = value(of: "MemTotal", in: "/proc/meminfo").flatMap { Int($0.prefix { $0 != " " }) }
        let parts = [
            "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores", value(of: "model name", in: "/proc/cpuinfo"),
            memory.map { "\(($0 + 524_288) / 1_048_576) GiB" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private static func value(of key: String, in path: String) -> String? {
        guard let bytes = try? InputFile.readAll(path) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(key) }
        guard let value = line?.split(separator: ":", maxSplits: 1).last else { return nil }
        return String(value.drop { $0 == " " })
    }
}

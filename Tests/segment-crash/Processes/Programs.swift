import Glibc

/// Where the programs and the preloaded library lie: beside this one.
enum Programs {
    /// This program.
    static let own: String = {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        return String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    private static let directory = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])

    static let daemon = directory + "/segmentd"
    static let shim = directory + "/libFaultShim.so"
}

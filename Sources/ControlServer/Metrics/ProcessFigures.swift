import CPlatform
import Glibc

/// What the system says about this process, and about the disk. Each is nil where it does not say.
struct ProcessFigures {
    var residentBytes: Int?
    var virtualBytes: Int?
    /// Resident memory that is no file's.
    var ownBytes: Int?
    var openFiles: Int?
    var openFilesMax: Int?
    var cpuSeconds: Double?
    var diskFreeBytes: Int?

    /// As things are now. Costs reading a file and a directory of the kernel's.
    ///
    /// - Parameter directory: on the disk in question.
    init(directory: String) {
        let memory = Self.memory()
        residentBytes = memory["VmRSS"]
        virtualBytes = memory["VmSize"]
        ownBytes = memory["RssAnon"]
        openFiles = Self.openFileCount()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            openFilesMax = Int(clamping: limit.rlim_cur)
        }
        var used = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used) == 0 {
            cpuSeconds = Self.seconds(used.ru_utime) + Self.seconds(used.ru_stime)
        }
        var free: UInt64 = 0
        if platform_get_free_bytes(directory, &free) == 0 { diskFreeBytes = Int(clamping: free) }
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    /// The sizes in /proc/self/status, in bytes.
    private static func memory() -> [String: Int] {
        guard let file = fopen("/proc/self/status", "re") else { return [:] }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: statusBytesMax)
        let count = fread(&text, 1, text.count, file)
        var sizes: [String: Int] = [:]
        for line in String(decoding: text[..<count], as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 3, words[2] == "kB", let size = Int(words[1]) else { continue }
            sizes[String(words[0].dropLast())] = size * 1_024
        }
        return sizes
    }

    /// Far more than the kernel writes.
    private static let statusBytesMax = 16_384

    private static func openFileCount() -> Int? {
        guard let stream = opendir("/proc/self/fd") else { return nil }
        defer { closedir(stream) }
        // Two entries stand for directories, one is the stream itself.
        var count = -3
        while readdir(stream) != nil { count += 1 }
        return count
    }
}

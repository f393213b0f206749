import Glibc
import Synchronization

/// Memory of this process that is its own: no files' pages, which the system takes back when it likes.
enum ProcessMemory {
    /// RssAnon of /proc/self/status, in bytes; nil where there is none.
    static func anonymousBytes() -> Int? {
        guard let status = try? InputFile.readAll("/proc/self/status") else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 }
    }
}

/// Remembers the most memory that the process had, looking every few milliseconds.
final class MemoryPeak: Sendable {
    private let peak = Mutex(0)
    private let sampler: Mutex<Task<Void, Never>?> = Mutex(nil)

    private static let period = Duration.milliseconds(10)

    func begin() {
        let task = Task.detached(priority: .high) { [weak self] in
            while !Task.isCancelled, let self {
                sample()
                try? await Task.sleep(for: Self.period)
            }
        }
        sampler.withLock { $0 = task }
    }

    /// The most bytes since the last call.
    func take() -> Int {
        sample()
        return peak.withLock { peak in
            defer { peak = 0 }
            return peak
        }
    }

    func end() {
        sampler.withLock { $0?.cancel() }
    }

    private func sample() {
        let bytes = ProcessMemory.anonymousBytes() ?? 0
        peak.withLock { $0 = max($0, bytes) }
    }
}

internal import EventLog
internal import Glibc
internal import LMDB
internal import SegmentModel
internal import Synchronization

/// Who was erased and when, in a form that names nobody: kept apart from the data directory, so that whoever restores an
/// older copy of that finds out what has to be erased again.
///
/// ```
/// segmentd erasures, format 1, key 0123456789abcdef
/// AUDIENCE SEQUENCE RECORDED-AT DIGEST [SEQUENCE RECORDED-AT DIGEST …] CHECKSUM
/// ```
///
/// A line is only ever added, and synced before anybody is told that the contacts will be erased. What is added together is
/// one line, so that only the last can be one that was never synced: what a crash left of it is cut off, and the log has
/// its erasures. The digest is that of the contact's id under the key, the checksum CRC-32C of the line before it.
final class ErasureList: Sendable {
    /// An erasure.
    struct Entry: Hashable, Sendable {
        /// Where the erasure stood in the log.
        var sequence: UInt64
        var recordedAt: Instant
        /// Of the contact's id, in hexadecimal digits.
        var digest: String
    }

    fileprivate struct State {
        var entries: [String: [Entry]] = [:]
        var known: [String: Set<Entry>] = [:]
        /// Bytes of whole lines.
        var size = 0
        /// The last whole line as it was read: whoever wrote it may have failed to sync it. Empty once it is on disk.
        var doubtfulLine: [UInt8] = []
        /// The number of the last line, if it is not one that was written.
        var damagedLine: Int?
    }

    let path: String
    private let key: DigestKey
    private let steps: DurableSteps
    private let state = Mutex(State())
    /// Held while a line is written, which may take as long as the disk likes: who only asks does not wait for that.
    private let adding = Mutex(())

    /// Opens the list in the directory, making both if they are not there.
    ///
    /// - Parameters:
    ///   - keyFile: nil for `key` in the directory, which is made too.
    ///   - steps: how both become durable.
    init(directory: String, keyFile: String?, steps: DurableSteps) throws(AudienceError) {
        try Directories.make(directory, steps)
        self.steps = steps
        path = directory + "/erasures"
        key =
            if let keyFile { try ErasureKey.read(keyFile) } else {
                try ErasureKey.readOrMake(directory + "/key", steps)
            }
        if access(path, F_OK) == 0 {
            // Whoever made it may have failed to make its name durable.
            try Directories.sync(directory, steps)
        } else {
            do {
                try FileText.write(Self.head(of: key), to: path, steps)
            } catch {
                throw AudienceError(error)
            }
        }
        let state = try Self.read(path, key)
        self.state.withLock { $0 = state }
    }

    // MARK: Digests

    /// The key that an audience's events of erased contacts are recognised by.
    func eventKey(of audience: String) -> DigestKey { key.derived(for: "events of " + audience) }

    /// The key that the contacts in the list are recognised by.
    func contactKey(of audience: String) -> DigestKey { key.derived(for: "contacts of " + audience) }

    // MARK: Lines

    /// The erasures of an audience in the order in which they were listed.
    func entries(of audience: String) -> [Entry] { state.withLock { $0.entries[audience] ?? [] } }

    /// Adds those of an audience that are not in the list yet; when it returns all of them are on disk.
    func add(_ entries: [Entry], of audience: String) throws(AudienceError) {
        let failure = adding.withLock { _ -> AudienceError? in
            let (known, size, doubtful) = state.withLock { ($0.known[audience] ?? [], $0.size, $0.doubtfulLine) }
            let news = entries.filter { !known.contains($0) }
            guard !news.isEmpty || !doubtful.isEmpty else { return nil }
            let bytes = news.isEmpty ? [] : Array(Self.line(news, of: audience).utf8)
            guard write(bytes, behind: doubtful, at: size) else {
                let isFull = errno == ENOSPC || errno == EDQUOT
                return AudienceError(
                    isFull ? .storageFull : .storageFailed,
                    "Could not write the list of erasures \(path): \(String(cString: strerror(errno))).")
            }
            state.withLock { state in
                state.size += bytes.count
                state.doubtfulLine = []
                state.take(news, of: audience)
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Refuses a damaged last line that is not one of which a crash left a part.
    ///
    /// - Parameter isTorn: whether some log has erasures that are not in the list, as it has if their line was never synced.
    func checkLastLine(isTorn: @autoclosure () -> Bool) throws(AudienceError) {
        guard let line = state.withLock({ $0.damagedLine }), !isTorn() else { return }
        throw Self.damage(line, path)
    }

    private static func damage(_ line: Int, _ path: String) -> AudienceError {
        AudienceError(
            .dataDamaged, "Line \(line) of the list of erasures \(path) is damaged. Restore it from a copy.")
    }

    /// Writes a line behind the whole ones, and syncs it.
    ///
    /// - Parameters:
    ///   - last: the last whole one if it is in doubt. It is written once more where it stands: after a sync that failed, one
    ///     that succeeds says nothing of what was written before.
    ///   - size: of the whole ones.
    private func write(_ bytes: [UInt8], behind last: [UInt8], at size: Int) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return ftruncate(descriptor, off_t(size)) == 0 && lseek(descriptor, off_t(size - last.count), SEEK_SET) >= 0
            && FileBytes.write(last + bytes, to: descriptor) && steps.sync(descriptor, of: path) == 0
    }

    private static func head(of key: DigestKey) -> String {
        let check = Array(key.digest(of: Array("segmentd erasures".utf8)).prefix(8))
        return "segmentd erasures, format 1, key \(check.hexadecimal)\n"
    }

    private static func line(_ entries: [Entry], of audience: String) -> String {
        let text = ([audience] + entries.map { "\($0.sequence) \($0.recordedAt) \($0.digest)" }).joined(separator: " ")
        return "\(text) \(checksum(of: text))\n"
    }

    fileprivate static func checksum(of text: some StringProtocol) -> String {
        let sum = Array(text.utf8).withUnsafeBytes { CRC32C.checksum($0) }
        return withUnsafeBytes(of: sum.bigEndian) { Array($0).hexadecimal }
    }

    // MARK: Reading

    private static func read(_ path: String, _ key: DigestKey) throws(AudienceError) -> State {
        guard let bytes = FileBytes.read(path) else { throw Directories.failure("read the list of erasures", path) }
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"))
        try check(lines.first.map { String(decoding: $0, as: UTF8.self) + "\n" } ?? "", head(of: key), path)
        var state = State(size: end, damagedLine: end < bytes.count ? lines.count + 1 : nil)
        for (index, line) in lines.enumerated().dropFirst() {
            guard let (audience, entries) = entries(in: line) else {
                guard index == lines.count - 1 else { throw damage(index + 1, path) }
                state.size = line.startIndex
                state.damagedLine = index + 1
                break
            }
            state.take(entries, of: audience)
            state.size = line.endIndex + 1
            state.doubtfulLine = Array(line) + [UInt8(ascii: "\n")]
        }
        return state
    }

    private static func check(_ found: String, _ expected: String, _ path: String) throws(AudienceError) {
        guard found != expected else { return }
        guard found.hasPrefix("segmentd erasures, format 1, key ") else {
            throw AudienceError(
                .unsupportedFormat,
                "\(path) is no list of erasures that this version of segmentd reads: it begins “\(found.prefix(60))”.")
        }
        throw AudienceError(
            .invalidSetting,
            "The list of erasures \(path) was made with another key. Give the key that belongs to it (erasureKey).")
    }
}

extension ErasureList.State {
    fileprivate mutating func take(_ news: [ErasureList.Entry], of audience: String) {
        known[audience, default: []].formUnion(news)
        entries[audience, default: []] += news
    }
}

extension ErasureList {
    /// What a line without its end says; nil if it is not what was written.
    fileprivate static func entries(in line: ArraySlice<UInt8>) -> (audience: String, entries: [Entry])? {
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard parts.count >= 5, parts.count % 3 == 2, let sum = parts.last,
            checksum(of: parts.dropLast().joined(separator: " ")) == sum
        else { return nil }
        var entries: [Entry] = []
        for start in stride(from: 1, to: parts.count - 1, by: 3) {
            guard let sequence = UInt64(parts[start]), let recordedAt = try? Instant(rfc3339: String(parts[start + 1]))
            else { return nil }
            entries.append(Entry(sequence: sequence, recordedAt: recordedAt, digest: String(parts[start + 2])))
        }
        return (String(parts[0]), entries)
    }
}

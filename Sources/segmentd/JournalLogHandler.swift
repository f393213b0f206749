import ControlServer
import Glibc
import Logging
import SegmentModel
import Synchronization

/// The level in force, which may change while the daemon runs.
final class SharedLogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) {
        self.level = Mutex(level)
    }

    var value: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
}

/// Writes log lines: to the journal with their fields, for people to standard error with the time in front.
struct JournalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let shared: SharedLogLevel
    private var own: Logger.Level?
    private let journal: Journal?

    /// - Parameter journal: nil for standard error.
    init(level: SharedLogLevel, journal: Journal?) {
        shared = level
        self.journal = journal
    }

    var logLevel: Logger.Level {
        get { own ?? shared.value }
        set { own = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, own in own }
        let line = LogLine(level: event.level, message: event.message.description, metadata: all)
        if let journal, journal.send(line.journalEntry) { return }
        let form: LogLine.Form = journal == nil ? .text : .journal
        StandardStream.error.write(line.text(form, at: SystemClock().now()))
    }
}

/// systemd's journal, which takes an entry as one datagram of fields.
struct Journal: Sendable {
    private let address: String

    /// - Parameter address: the path of its socket.
    init(address: String = "/run/systemd/journal/socket") {
        self.address = address
    }

    /// The journal, if standard error leads there: JOURNAL_STREAM names its device and file number.
    static func behindStandardError(environment variable: String?) -> Journal? {
        var status = stat()
        guard let variable, fstat(STDERR_FILENO, &status) == 0,
            variable == "\(status.st_dev):\(status.st_ino)"
        else { return nil }
        return Journal()
    }

    /// Whether the journal took the entry.
    func send(_ entry: [UInt8]) -> Bool {
        ServiceDatagram.send(entry, to: address)
    }
}

/// One line of the log.
struct LogLine {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    /// How a line looks.
    enum Form: Sendable {
        /// `<6>message key=value`; the journal adds the time.
        case journal
        /// `2026-01-31T09:00:00.000Z info message key=value`
        case text
    }

    func text(_ form: Form, at instant: Instant) -> String {
        let head =
            switch form {
            case .journal: "<\(priority)>"
            case .text: "\(instant) \(level) "
            }
        return head + sentence + "\n"
    }

    /// The message and its metadata, one line however long.
    private var sentence: String {
        let pairs = metadata.sorted { $0.key < $1.key }.map {
            " \(Self.escaped($0.key))=\(Self.value($0.value.description))"
        }
        return Self.escaped(message) + pairs.joined()
    }

    /// The fields of a journal entry: what people read in `MESSAGE`, and each of the metadata as `SEGMENTD_KEY` for
    /// `journalctl SEGMENTD_AUDIENCE=shop`. No value has a line break, so each is a line.
    var journalEntry: [UInt8] {
        var fields = ["MESSAGE=" + sentence, "PRIORITY=\(priority)", "SYSLOG_IDENTIFIER=segmentd"]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            fields.append("SEGMENTD_" + Self.fieldName(key) + "=" + Self.escaped(value.description))
        }
        return fields.flatMap { Array(($0 + "\n").utf8) }
    }

    /// Capitals, digits and `_`, as the journal wants it.
    private static func fieldName(_ key: String) -> String {
        String(
            key.uppercased().unicodeScalars.map { scalar in
                ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
            })
    }

    /// syslog(3)'s number for the level.
    private var priority: Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    /// A value that is one word to whoever splits the line.
    private static func value(_ text: String) -> String {
        let escaped = escaped(text)
        guard escaped.isEmpty || escaped.contains(where: { " \"=".contains($0) }) else { return escaped }
        let inner = escaped.reduce(into: "") { quoted, letter in
            if letter == "\"" || letter == "\\" { quoted.append("\\") }
            quoted.append(letter)
        }
        return "\"" + inner + "\""
    }

    /// The text with control characters, line breaks and marks that turn the direction of writing as `\u{…}`: a line stays
    /// one line and reads as it was written.
    static func escaped(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format:
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            default:
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

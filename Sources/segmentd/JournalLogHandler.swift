import Glibc
import Logging
import SegmentModel

/// Writes log lines to standard error: for the journal with a priority in front, for people with the time.
struct JournalLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let form: LogLine.Form

    init(logLevel: Logger.Level, form: LogLine.Form) {
        self.logLevel = logLevel
        self.form = form
    }

    /// The journal's form if standard error leads there.
    static func suitingEnvironment(logLevel: Logger.Level) -> JournalLogHandler {
        JournalLogHandler(logLevel: logLevel, form: getenv("JOURNAL_STREAM") == nil ? .text : .journal)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, own in own }
        let line = LogLine(level: event.level, message: event.message.description, metadata: all)
        StandardStream.error.write(line.text(form, at: SystemClock().now()))
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
        let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.value($0.value.description))" }
        let head =
            switch form {
            case .journal: "<\(priority)>"
            case .text: "\(instant) \(level) "
            }
        return head + Self.escaped(message) + pairs.joined() + "\n"
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

    /// The text with control characters, line breaks among them, as `\u{…}`: a line stays one line.
    static func escaped(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            default:
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

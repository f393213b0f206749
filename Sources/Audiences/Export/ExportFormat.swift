/// The text in which rows are handed out.
public enum ExportFormat: Sendable {
    /// RFC 4180 with a header line, for spreadsheets and mail tools: text that a spreadsheet would run is defused.
    case csv
    /// A JSON object per line, exactly what is known; a blank has no key.
    case ndjson
}

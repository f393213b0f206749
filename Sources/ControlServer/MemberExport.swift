import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import SegmentModel

/// All members of a segment, at one frontier, as a stream of lines.
struct MemberExport: Sendable {
    let page: MemberPage
    let format: Format

    enum Format: String, Sendable {
        case ndjson = "application/x-ndjson"
        case csv = "text/csv"
    }

    /// Bytes gathered before they are handed to the connection.
    private static let chunkBytesMax = 65_536

    var response: Response {
        var headers: HTTPFields = [
            .contentType: format == .csv ? "text/csv; charset=utf-8; header=present" : format.rawValue
        ]
        headers[Self.frontierField] = page.frontier.description
        headers[Self.countField] = String(page.count)
        return Response(status: .ok, headers: headers, body: ResponseBody { writer in try await write(to: &writer) })
    }

    private static let frontierField = HTTPField.Name(HeaderName.frontier) ?? .lastModified
    private static let countField = HTTPField.Name(HeaderName.count) ?? .contentRange

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var chunk = ByteBuffer()
        if format == .csv { chunk.writeString("contact,email\r\n") }
        for member in page.members {
            try append(member, to: &chunk)
            guard chunk.readableBytes >= Self.chunkBytesMax else { continue }
            try await writer.write(chunk)
            chunk.clear()
        }
        if chunk.readableBytes > 0 { try await writer.write(chunk) }
        try await writer.finish(nil)
    }

    private func append(_ member: Member, to chunk: inout ByteBuffer) throws {
        switch format {
        case .ndjson:
            let line = ContactLine(contact: member.contact.text, email: member.email)
            chunk.writeBytes(try WireCoding.encode(line))
            chunk.writeString("\n")
        case .csv:
            chunk.writeString(Self.cell(member.contact.text) + "," + Self.cell(member.email ?? "") + "\r\n")
        }
    }

    /// A CSV cell (RFC 4180) that no spreadsheet takes for a formula.
    ///
    /// Contact ids and addresses come from outside; one that begins like a formula would be run by the spreadsheet it
    /// is opened in, so it gets an apostrophe in front.
    static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { formulaStarts.contains($0) } ?? false
        let defused = isFormula ? "'" + text : text
        guard defused.utf8.contains(where: { quotedBytes.contains($0) }) else { return defused }
        var quoted = "\""
        for scalar in defused.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static let formulaStarts = Set("=+-@\t\r".utf8)
    private static let quotedBytes = Set(",\"\r\n".utf8)
}

import Admission
import ArgumentParser
import Audiences
import SegmentModel

/// `segment-replay probe`: opens a data directory as the daemon does, asks everything, and closes it.
///
/// What the daemon would serve of a directory that may be damaged, in a process of its own.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Opens a data directory as the daemon does and says what it would serve.",
        discussion: """
            Unlike verify it writes: derived data that is damaged is built anew, as at any start. Ends with the exit codes of
            segmentd.
            """,
        shouldDisplay: false)

    @Argument(help: ArgumentHelp("A data directory.", valueName: "dir"), completion: .directory)
    var directory: String

    @Option(help: ArgumentHelp("What the clock says.", valueName: "instant"))
    var at: String

    @Option(
        help: ArgumentHelp("Events to hand in again, as NDJSON; how many are new is in the answer.", valueName: "file"))
    var resend: String?

    private static let software: Int32 = 70

    func run() async throws {
        do {
            try await probe()
        } catch let error as AudienceError {
            StandardError.write("segment-replay: \(error.message)\n")
            let isDamage = error.code == .dataDamaged || error.code == .unsupportedFormat
            throw ExitCode(isDamage ? ReplayFailure.badInput : Self.software)
        }
    }

    private func probe() async throws {
        let clock = FixedClock(instant: try Instant(rfc3339: at))
        let configuration = AudienceConfiguration(mapSizeBytes: 1 << 30, threads: 1)
        let data = try await DataDirectory.open(path: directory, configuration: configuration, clock: clock)
        var answers: [JSONValue] = []
        for audience in data.audiences {
            let appended = try await resend(to: audience)
            answers.append(try await answer(of: audience, appended: appended))
        }
        try await data.close()
        StandardOutput.write(JSONValue.array(answers).text + "\n")
    }

    private func resend(to audience: Audience) async throws -> Int {
        guard let resend else { return 0 }
        let admission = NDJSONAdmission()
        admission.feed(try InputFile.readAll(resend))
        return try await audience.ingest(admission.finish()).appended
    }

    private func answer(of audience: Audience, appended: Int) async throws -> JSONValue {
        var segments: [JSONValue.Member] = []
        for segment in await audience.segments() {
            let page = try await audience.members(of: segment.id)
            segments.append(.init(segment.name, .array(page.members.map { .string($0.contact.text) })))
        }
        var lists: [JSONValue.Member] = []
        for list in try await audience.recipientLists(limit: 1_000).lists {
            lists.append(.init(list.campaign.text, await recipients(of: list, in: audience)))
        }
        let status = await audience.status()
        return .object([
            .init("id", .string(audience.id)), .init("lastSequence", .number(String(status.lastSequence))),
            .init("contacts", .number(String(status.contacts))), .init("appended", .number(String(appended))),
            .init("segments", .object(segments)), .init("recipients", .object(lists)),
            .init("repairs", .array(status.repairs.map { .string($0) })),
        ])
    }

    /// Who is in a list, or the code of why nobody is told.
    private func recipients(of list: RecipientList, in audience: Audience) async -> JSONValue {
        do {
            let page = try await audience.recipients(of: list.campaign, limit: .max - 1)
            return .array(page.recipients.map { .string("\($0.contact.text) \($0.email ?? "")") })
        } catch {
            return .array([.string("!" + error.code.rawValue)])
        }
    }
}

/// A clock that stands still.
private struct FixedClock: AudienceClock {
    let instant: Instant

    func now() -> Instant { instant }
}

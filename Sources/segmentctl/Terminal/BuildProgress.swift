import ControlAPI
import ControlClient

/// How the look at all records for new conditions goes on, as text and while a definition is saved.
struct BuildProgress: Sendable {
    let client: ControlClient
    let audience: String
    /// The name under which the daemon lists the look.
    let segment: String
    let output: Output

    /// Runs the request; on a terminal shows how far the daemon is, and takes that away again.
    func during<Answer: Sendable>(_ request: () async throws -> Answer) async throws -> Answer {
        try await StatusWatch(client: client, audience: audience, output: output) { [segment] status in
            status.builds.first { $0.segment == segment }.map(Self.line)
        }.during(request)
    }

    /// `[########------------]  42.0 %  420,000 of 1,000,000 contacts looked at`
    static func line(_ build: BuildAnswer) -> String {
        ProgressLine.bar(build.share) + "  " + Quantities.percent(build.share) + "  " + contacts(build)
    }

    /// `“Big spenders” is being saved: 42.0 %, 420,000 of 1,000,000 contacts looked at`
    static func sentence(_ build: BuildAnswer) -> String {
        TextWidth.printable("“\(build.segment)” is being saved: \(Quantities.percent(build.share)), \(contacts(build))")
    }

    private static func contacts(_ build: BuildAnswer) -> String {
        "\(Quantities.grouped(build.contactsDone)) of \(Quantities.count(build.contacts, "contact")) looked at"
    }
}

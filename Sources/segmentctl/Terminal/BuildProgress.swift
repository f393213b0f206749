import ControlAPI
import ControlClient

/// How the look at all records for new conditions goes on, as text and while a definition is saved.
struct BuildProgress: Sendable {
    let client: ControlClient
    let audience: String
    /// The name under which the daemon lists the look.
    let segment: String
    let output: Output

    /// What takes no longer than that is not worth a line.
    private static let firstShown = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(250)

    /// Runs the request; on a terminal shows how far the daemon is, and takes that away again.
    func during<Answer: Sendable>(_ request: () async throws -> Answer) async throws -> Answer {
        guard output.isTerminal else { return try await request() }
        let watching = Task { await watch() }
        do {
            let answer = try await request()
            await end(watching)
            return answer
        } catch {
            await end(watching)
            throw error
        }
    }

    private func end(_ watching: Task<Bool, Never>) async {
        watching.cancel()
        if await watching.value { ProgressLine(output: output).clear() }
    }

    /// Asks the daemon again and again until it is cancelled; true if there was something to show.
    private func watch() async -> Bool {
        var hasShown = false
        var pause = Self.firstShown
        while (try? await Task.sleep(for: pause)) != nil {
            pause = Self.interval
            // Whether the request itself succeeds is not to depend on this one.
            guard let builds = try? await client.answer(to: .audience(audience)).status.builds,
                let build = builds.first(where: { $0.segment == segment })
            else { continue }
            ProgressLine(output: output).show(Self.line(build))
            hasShown = true
        }
        return hasShown
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

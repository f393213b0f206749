import ControlAPI
import ControlClient

/// Shows on a terminal how far the daemon is with something that takes it long, as its status says.
struct StatusWatch: Sendable {
    let output: Output
    /// Asks for the line of what is under way; nil if the status does not list it, or cannot be asked for.
    private let line: @Sendable () async -> String?

    init(output: Output, line: @escaping @Sendable () async -> String?) {
        self.output = output
        self.line = line
    }

    /// Watches the status of one audience.
    init(
        client: ControlClient, audience: String, output: Output,
        line: @escaping @Sendable (AudienceStatusAnswer) -> String?
    ) {
        self.init(output: output) { try? await line(client.answer(to: .audience(audience)).status) }
    }

    /// What takes no longer than that is not worth a line.
    private static let firstShown = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(250)

    /// Runs the request; meanwhile shows the line where the output is a terminal, and takes it away again.
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
            guard let line = await line() else { continue }
            ProgressLine(output: output).show(line)
            hasShown = true
        }
        return hasShown
    }
}

import ArgumentParser
import ControlAPI
import ControlClient

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show what the daemon does, again and again.",
        discussion: """
            Every second: events, frontier, ticks and syncs of each audience since the second before. q or Ctrl-C ends it. \
            Columns that do not fit are left out from the right. Where the output is no terminal, a table is written for \
            each interval.

              EVENTS/S  events appended        LAG   the frontier behind the clock
              TICK      one move of it         SYNC  making one transaction of the log durable
              DUP/S     duplicates             BAD/S  refused lines and conflicts
              FULL      the fullest store's map
              AUDITED   contacts compared with the log, and differences found if there are any

              segmentctl top
              segmentctl top --interval 5
              segmentctl top --once            (one table, of one interval)
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: ArgumentHelp("Time between two looks.", valueName: "seconds"))
    var interval: Int = 1

    @Flag(help: "Show one interval and end.")
    var once = false

    func validate() throws {
        guard (1...3_600).contains(interval) else { throw ValidationError("--interval takes 1 to 3600 seconds.") }
    }

    func run() async throws {
        if connection.json {
            try await writeAnswers()
        } else if Output.standard.isTerminal, !once {
            try await showLive()
        } else {
            try await writeTables()
        }
    }

    private func look() async throws(ControlClientError) -> TopSample {
        TopSample(status: try await connection.client.answer(to: .status), at: .now)
    }

    /// The daemon's answer for each interval, a line each.
    private func writeAnswers() async throws {
        repeat {
            try Output.standard.write(await connection.client.bytes(of: .status) + [UInt8(ascii: "\n")])
            guard !once else { return }
            try await Task.sleep(for: .seconds(interval))
        } while true
    }

    private func writeTables() async throws {
        var before = try await look()
        repeat {
            try await Task.sleep(for: .seconds(interval))
            let sample = try await look()
            let output = Output.standard
            try output.write(TopText(sample, since: before).text(width: output.columns, output.style) + "\n")
            before = sample
        } while !once
    }

    private func showLive() async throws {
        Interrupt.listen()
        let screen = try LiveScreen(output: .standard)
        defer { screen.close() }
        var before: TopSample?
        while !screen.isEndAskedFor {
            let look = await screen.result { () async -> Result<TopSample, ControlClientError> in
                do throws(ControlClientError) {
                    return .success(try await self.look())
                } catch {
                    return .failure(error)
                }
            }
            switch look {
            case .success(let sample):
                let text = TopText(sample, since: before).text(width: Output.standard.columns, Output.standard.style)
                try? screen.show(text)
                before = sample
            case .failure(let error):
                // It may be starting anew, which is when one wants to look on.
                try? screen.show("segmentctl: " + TextWidth.printable(error.description) + "\n")
                before = nil
            case nil: return
            }
            await screen.wait(for: .seconds(interval))
        }
    }
}

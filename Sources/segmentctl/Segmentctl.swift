import ArgumentParser
import ControlAPI
import ControlClient

/// The control client of segmentd: commands go in, calls to the daemon's socket come out, and answers are shown to
/// people as text or to programs as JSON. Nothing is decided here that the daemon could decide.
@main
struct Segmentctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segmentctl",
        abstract: "Send events to segmentd, keep segments, and see who is in them and why.",
        discussion: """
            The daemon is reached over its Unix socket: --socket, else $SEGMENTD_SOCKET, else \(SocketPath.ofTheSystem) \
            if it exists, else $XDG_RUNTIME_DIR/segmentd/segmentd.sock.

            Commands work on one audience: --audience, else $SEGMENTD_AUDIENCE, else the only one there is.

            An event counts only once it is visible, two hours after it was recorded unless the audience says otherwise. \
            Every answer names its frontier: what was visible by then is in it, what came later is not.

            EXIT CODES
              0    done
              1    some lines were not taken; not a member; not confirmed; a difference was found
              64   the command line is wrong
              65   the daemon refused what it was given
              66   a file cannot be read
              69   the daemon cannot be reached, or went away
              70   the daemon failed
              74   the output cannot be written
              75   not now (busy, silent, out of space): try again later
              130  interrupted
              141  the reader of the output has gone
            """,
        version: Release.version,
        subcommands: [
            StatusCommand.self, AudienceCommand.self, EventCommand.self, ContactCommand.self, SegmentCommand.self,
            CatalogCommand.self, RecipientsCommand.self, PrebuiltCommand.self, IntegrationCommand.self,
            ConditionsCommand.self, ClockCommand.self, ErasureCommand.self, BackupCommand.self, TopCommand.self,
            MetricsCommand.self, VerifyCommand.self,
        ])

    static func main() async {
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ControlClientError {
            stop(Failure(error))
        } catch let failure as Failure {
            stop(failure)
        } catch is Output.ReaderGone {
            exit(withError: ExitCode.readerGone)
        } catch {
            exit(withError: error)
        }
    }

    private static func stop(_ failure: Failure) -> Never {
        // If standard error is gone as well, the exit code is all that can be said.
        try? Output.error.write(failure.text)
        exit(withError: failure.exitCode)
    }
}

import ArgumentParser
import Glibc

/// Campaigns against the real daemon: what it promised must hold whatever is done to it. Not installed.
@main
struct SegmentCrash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment-crash",
        abstract: "Takes power, processes and system calls away from the daemon, and checks what it promised.",
        subcommands: [PowerLossCommand.self, KillCommand.self, FaultsCommand.self, CheckCommand.self])

    static func main() async {
        // A child that dies is an answer, not the end.
        signal(SIGPIPE, SIG_IGN)
        // Nothing here needs a real disk: what a disk does is modelled.
        if getenv("TMPDIR") == nil, access("/dev/shm", W_OK) == 0 { setenv("TMPDIR", "/dev/shm", 1) }
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}

internal import EventLog
internal import Glibc
internal import LMDB

// A start reads what is new and believes the rest, which is why it takes no longer with a long log. Where damage was read
// before, that is not enough: whoever starts the daemon again, a supervisor or a client at its socket, would be served.
extension DataDirectory {
    private var suspicion: String { path + "/DAMAGED" }

    /// Has the next start read all logs whole before it serves anything. What cannot be written is left: the next scrub
    /// finds the damage again.
    public func suspectDamage() {
        try? FileText.write("segmentd read damage\n", to: suspicion, configuration.steps)
    }

    /// Reads all logs if damage was read before this start.
    ///
    /// - Throws: what is damaged still.
    func checkSuspicion() async throws(AudienceError) {
        guard access(suspicion, F_OK) == 0 else { return }
        for audience in audiences { try await audience.checkWhole() }
        configuration.steps.remove(suspicion)
    }
}

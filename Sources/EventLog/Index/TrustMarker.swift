internal import LMDB

/// A file beside unsynced data that says whether it may be believed.
struct TrustMarker {
    let directory: String
    let steps: DurableSteps
    private var path: String { directory + "/TRUST" }

    func isTrustworthy() -> Bool {
        guard let text = FileText.read(path) else { return false }
        return text == Self.clean || text == Self.dirty
    }

    /// Says that the index is written to from now on. On a full disk nothing is left that says otherwise: then the index
    /// is built anew at the next start, and this one goes on.
    func noteUse() throws(LogError) {
        // Left by a process of this boot that did not close.
        guard FileText.read(path) != Self.dirty else { return }
        do throws(LogError) {
            try FileText.write(Self.dirty ?? "dirty\n", to: path, steps)
        } catch {
            guard error.kind == .full else { throw error }
            steps.remove(path)
            try FileText.syncDirectory(directory, steps)
        }
    }

    /// Says that the index was synced and closed. On a full disk that stays unsaid.
    func noteClose() throws(LogError) {
        do throws(LogError) {
            try FileText.write(Self.clean, to: path, steps)
        } catch {
            guard error.kind == .full else { throw error }
        }
    }

    /// Lets the next start build the index anew.
    func remove() {
        steps.remove(path)
    }

    func removeIndex() {
        for name in ["data.mdb", "lock.mdb", "TRUST"] { steps.remove(directory + "/" + name) }
    }

    private static let clean = "clean\n"

    /// Unsynced pages survive the death of the process, but not of the machine: hence the boot. Nil if the kernel does
    /// not tell which boot this is; then only a clean close is believed.
    private static var dirty: String? {
        FileText.read("/proc/sys/kernel/random/boot_id").map { "dirty " + $0 }
    }
}

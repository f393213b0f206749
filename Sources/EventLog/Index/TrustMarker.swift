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

    func write(isClean: Bool) throws {
        try FileText.write(isClean ? Self.clean : Self.dirty ?? "dirty\n", to: path, steps)
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

internal import Glibc

/// A file beside unsynced data that says whether it may be believed.
struct TrustMarker {
    let directory: String
    private var path: String { directory + "/TRUST" }

    func isTrustworthy() -> Bool {
        guard let text = FileText.read(path) else { return false }
        return text == Self.clean || text == Self.dirty
    }

    func write(isClean: Bool) throws {
        try FileText.write(isClean ? Self.clean : Self.dirty ?? "dirty\n", to: path)
    }

    /// Lets the next start build the index anew.
    func remove() {
        unlink(path)
    }

    func removeIndex() {
        for name in ["data.mdb", "lock.mdb", "TRUST"] { unlink(directory + "/" + name) }
    }

    private static let clean = "clean\n"

    /// Unsynced pages survive the death of the process, but not of the machine: hence the boot. Nil if the kernel does
    /// not tell which boot this is; then only a clean close is believed.
    private static var dirty: String? {
        FileText.read("/proc/sys/kernel/random/boot_id").map { "dirty " + $0 }
    }
}

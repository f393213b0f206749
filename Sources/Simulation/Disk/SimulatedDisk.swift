internal import Glibc
internal import LMDB
internal import RandomWorlds
internal import Synchronization

/// The disk of a world: knows what is synced, fails when it is told to, and keeps what a crash would leave.
///
/// A crash is an image: the directory as it is at that moment, copied. The process that has it open goes on for as long as
/// it takes to let go of it; every step it takes then fails.
final class SimulatedDisk: DurableStepObserver {
    /// How the machine ends.
    enum Crash: CaseIterable {
        /// The process died; what it had written is in the system's memory.
        case process
        /// The power went; what was not synced is there or not.
        case power
    }

    private struct State {
        var model: DiskModel
        /// The crash to come, after so many more moments before or after a step.
        var crash: (countdown: Int, kind: Crash, image: String, random: SeededGenerator)?
        /// The failure to come, after so many more steps.
        var failure: (countdown: Int, code: CInt)?
        var isFull = false
        var hasCrashed = false
        var failures = 0
        /// What of the image was on the disk, by path.
        var synced: [String: [UInt8]] = [:]
        var crashPlace = ""
    }

    private let state: Mutex<State>

    /// A disk whose directory is there; what `synced` says of files by path below it is on it, and everything else as it is.
    init(root: String, synced: [String: [UInt8]] = [:]) {
        state = Mutex(State(model: DiskModel(root: root, synced: synced)))
    }

    /// Lets the world end at one of the next moments; its image will be at that path.
    func crash(after countdown: Int, _ kind: Crash, image: String, random: SeededGenerator) {
        state.withLock { $0.crash = (countdown, kind, image, random) }
    }

    /// Lets one of the next steps fail.
    func fail(after countdown: Int, with code: CInt) {
        state.withLock { $0.failure = (countdown, code) }
    }

    /// Takes back what was to come.
    func relax() {
        state.withLock { state in
            state.crash = nil
            state.failure = nil
        }
    }

    /// Whether there is no room for anything new.
    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// Whether a crash is to come.
    var isArmed: Bool { state.withLock { $0.crash != nil } }

    var hasCrashed: Bool { state.withLock { $0.hasCrashed } }

    /// Steps that failed so far.
    var failures: Int { state.withLock { $0.failures } }

    /// Where the crash was, and what of its image was synced.
    var remains: (place: String, synced: [String: [UInt8]]) { state.withLock { ($0.crashPlace, $0.synced) } }

    func willTake(_ step: DurableStep) -> CInt {
        state.withLock { state in
            guard !state.hasCrashed else { return EIO }
            Self.pass(&state, "before \(step.name(below: state.model.root))")
            guard !state.hasCrashed else { return EIO }
            let code = Self.refusal(of: step, &state)
            guard code == 0 else {
                state.failures += 1
                return code
            }
            state.model.willTake(step)
            return 0
        }
    }

    func didTake(_ step: DurableStep) {
        state.withLock { state in
            guard !state.hasCrashed else { return }
            state.model.didTake(step)
            Self.pass(&state, "after \(step.name(below: state.model.root))")
        }
    }

    private static func refusal(of step: DurableStep, _ state: inout State) -> CInt {
        if let failure = state.failure {
            state.failure?.countdown -= 1
            if failure.countdown <= 0 {
                state.failure = nil
                // Removing what is not needed is not tried twice, and needs no room.
                if case .remove = step { return 0 }
                return failure.code
            }
        }
        guard state.isFull else { return 0 }
        switch step {
        case .commit, .sync, .makeDirectory: return ENOSPC
        case .syncDirectory, .rename, .remove: return 0
        }
    }

    private static func pass(_ state: inout State, _ place: String) {
        guard let crash = state.crash else { return }
        state.crash?.countdown -= 1
        guard crash.countdown <= 0 else { return }
        state.hasCrashed = true
        state.crashPlace = place
        switch crash.kind {
        case .process:
            state.synced = state.model.syncedFiles()
            Tree.copy(state.model.root, to: crash.image)
        case .power:
            let (root, bytes) = state.model.standing()
            guard let root else { return }
            var loss = PowerLoss(state.model.nodes, bytes: bytes, random: crash.random)
            loss.write(root, to: crash.image)
        }
    }
}

extension DurableStep {
    /// What the step does, with paths below the root: `commit audiences/a/log`.
    func name(below root: String) -> String {
        func short(_ path: String) -> String { path.hasPrefix(root) ? String(path.dropFirst(root.count + 1)) : path }
        return switch self {
        case .makeDirectory(let path): "mkdir \(short(path))"
        case .commit(let path, _): "commit \(short(path))"
        case .sync(let path): "sync \(short(path))"
        case .syncDirectory(let path): "sync \(short(path))/"
        case .rename(let path, let target): "rename \(short(path)) to \(short(target))"
        case .remove(let path): "remove \(short(path))"
        }
    }
}

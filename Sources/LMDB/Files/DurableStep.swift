/// An operation on a data directory whose place among the others decides what a crash leaves.
public enum DurableStep: Sendable {
    case makeDirectory(String)
    /// A commit of the environment in that directory; a synced one is on disk once it is done.
    case commit(String, isSynced: Bool)
    /// What was written to the file goes to the disk.
    case sync(String)
    /// The names in the directory go to the disk.
    case syncDirectory(String)
    case rename(String, to: String)
    /// A file, or an empty directory, loses its name.
    case remove(String)
}

/// Who is told of every durable step before and after it is done; on the thread that takes it.
public protocol DurableStepObserver: Sendable {
    /// Called before the step.
    ///
    /// - Returns: 0, or the error number that the step fails with instead of being done.
    func willTake(_ step: DurableStep) -> CInt

    /// Called when the step is done; not when it failed.
    func didTake(_ step: DurableStep)
}

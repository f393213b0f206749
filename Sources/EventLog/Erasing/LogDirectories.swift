internal import Glibc
internal import LMDB

/// The names under which the stores of a log lie in an audience's directory, and what becomes of them in an exchange.
///
/// A rewritten log is made in `rewrite/` and takes the place of the present one by renaming. One step decides: once `log/`
/// has become `log.former/`, the rewritten one is the log. A start completes what was decided and discards what was not.
struct LogDirectories: Sendable {
    let home: String
    let steps: DurableSteps

    var log: String { home + "/log" }
    var index: String { home + "/index" }
    var rewrite: String { home + "/rewrite" }
    var rewrittenLog: String { rewrite + "/log" }
    var rewrittenIndex: String { rewrite + "/index" }
    var formerLog: String { home + "/log.former" }
    var formerIndex: String { home + "/index.former" }

    /// Completes or discards an exchange that was cut short; to be called before the stores are opened.
    func recover() throws(LogError) {
        let isDecided = Self.exists(formerLog)
        guard isDecided || Self.exists(rewrite) || Self.exists(formerIndex) else { return }
        if isDecided {
            // Where neither is there, only the first name of the exchange became durable, in some other order.
            if !Self.exists(log) { try move(Self.exists(rewrittenLog) ? rewrittenLog : formerLog, to: log) }
            // Which log the index is of is not known: it is built anew.
            remove(index)
        }
        try discard()
    }

    /// An empty place to rewrite the log in.
    func makeRewrite() throws(LogError) {
        remove(rewrite)
        guard steps.makeDirectory(rewrite) == 0 else { throw failure("create", rewrite) }
    }

    /// Puts the rewritten log in the place of the present one; both are closed, or are not written to any more.
    ///
    /// - Parameters:
    ///   - step: called after each.
    ///   - decided: called once the present log has another name, durable or not.
    func exchange(_ step: (RewriteStep) throws -> Void, decided: () -> Void) throws {
        try FileText.syncDirectory(rewrittenLog, steps)
        try FileText.syncDirectory(rewrite, steps)
        try step(.synced)
        guard steps.rename(log, to: formerLog) == 0 else { throw failure("move", log) }
        decided()
        try FileText.syncDirectory(home, steps)
        try step(.decided)
        try move(rewrittenLog, to: log)
        try step(.replaced)
        try move(index, to: formerIndex)
        try step(.indexMoved)
        try move(rewrittenIndex, to: index)
        try step(.indexReplaced)
    }

    /// Removes what is left of a rewriting and of the logs before, durably: what was erased is in it. Index first: as long
    /// as there is a former log, a start takes no index for the present one's.
    func discard() throws(LogError) {
        for path in [formerIndex, rewrite, formerLog] {
            remove(path)
            guard !Self.exists(path) else { throw LogError(.storage, "Could not remove \(path).") }
        }
        try FileText.syncDirectory(home, steps)
    }

    /// Removes an unfinished rewriting.
    func discardRewrite() {
        remove(rewrite)
    }

    /// Renames durably: the name is on disk before anything that follows.
    private func move(_ path: String, to target: String) throws(LogError) {
        guard steps.rename(path, to: target) == 0 else { throw failure("move", path) }
        try FileText.syncDirectory(home, steps)
    }

    private func failure(_ verb: String, _ path: String) -> LogError {
        let kind: LogError.Kind = errno == ENOSPC || errno == EDQUOT ? .full : .storage
        return LogError(kind, "Could not \(verb) \(path): \(String(cString: strerror(errno))).")
    }

    fileprivate static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a directory with the files in it, and the stores below it.
    private func remove(_ path: String) {
        for store in [path + "/log", path + "/index", path] {
            for file in ["data.mdb", "lock.mdb", "TRUST", "TRUST.new"] { steps.remove(store + "/" + file) }
            steps.removeDirectory(store)
        }
    }
}

/// An exchange of logs that was cut short, for those who only read.
public enum LogExchange {
    /// Whether the next start of a daemon on the audience's directory has an exchange to complete.
    public static func isUnderWay(in home: String) -> Bool {
        LogDirectories.exists(LogDirectories(home: home, steps: .system).formerLog)
    }

    /// The log in the audience's directory, or what becomes it when the exchange is completed.
    static func log(in home: String) -> String {
        let directories = LogDirectories(home: home, steps: .system)
        let places =
            [directories.log] + (isUnderWay(in: home) ? [directories.rewrittenLog, directories.formerLog] : [])
        return places.first(where: LogDirectories.exists) ?? directories.log
    }
}

/// What has just been done of a rewriting; for tests that stop there.
package enum RewriteStep: CaseIterable, Sendable {
    case copied, tailCopied, synced, decided, replaced, indexMoved, indexReplaced, opened
}

internal import Glibc
internal import LMDB
internal import SegmentEngine
internal import SegmentModel

/// The files of an audience's recipient lists, one for each, named by the list's number.
///
/// A file counts only once the definitions table has its list: it is written and synced first, and the definition is the
/// moment at which it was sent. What a crash leaves between the two is removed at the next start. Invariant: a file that
/// counts is never written again, but for erasing a contact.
struct RecipientStore: Sendable {
    private let home: String
    let steps: DurableSteps
    var directory: String { home + "/sent" }

    /// - Parameters:
    ///   - home: the audience's directory.
    ///   - steps: how lists become durable.
    init(home: String, steps: DurableSteps) {
        self.home = home
        self.steps = steps
    }

    /// Counts of members as they were frozen, and the digest of the file.
    struct Frozen: Equatable, Sendable {
        var recipients = 0
        var notSubscribed = 0
        var withoutEmail = 0
        var digest: UInt32 = 0
    }

    /// Removes files that no definition names.
    func removeUnknown(besides lists: [RecipientList]) throws(AudienceError) {
        guard access(directory, F_OK) == 0 else { return }
        // Whoever made it may have been killed before its name was on the disk.
        try Directories.sync(home, steps)
        let known = Set(lists.map { String($0.number) })
        for name in try Directories.names(in: directory) where !known.contains(name) {
            guard steps.remove(directory + "/" + name) == 0 else { throw RecipientWriter.failure("remove", name) }
        }
    }

    /// Writes the list of that number: the subscribed ones among the members, with their addresses. When it returns, the
    /// file is on disk under its name.
    func write(
        _ number: Int, members: MemberSet, of snapshot: EngineSnapshot
    ) throws(AudienceError) -> Frozen {
        try make()
        let unfinished = directory + "/unfinished"
        var frozen = Frozen()
        var writer = try RecipientWriter(path: unfinished, steps: steps)
        var candidates = Candidates(members, of: snapshot)
        while let candidate = candidates.next() {
            if !candidate.isSubscribed {
                frozen.notSubscribed += 1
            } else if candidate.email.isEmpty {
                frozen.withoutEmail += 1
            } else {
                try writer.append(contact: candidate.contact, email: candidate.email)
                frozen.recipients += 1
            }
        }
        frozen.digest = try writer.finish(list: number)
        guard steps.rename(unfinished, to: path(number)) == 0 else {
            throw RecipientWriter.failure("write", path(number))
        }
        try Directories.sync(directory, steps)
        return frozen
    }

    /// Opens a list's file.
    func open(_ list: RecipientList) throws(AudienceError) -> RecipientFile {
        try RecipientFile(list, path: path(list.number))
    }

    func path(_ number: Int) -> String { directory + "/" + String(number) }

    private func make() throws(AudienceError) {
        try Directories.make(directory, steps)
        // It may be there from an attempt that came no further.
        try Directories.sync(home, steps)
    }
}

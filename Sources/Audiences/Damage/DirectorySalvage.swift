public import EventLog
internal import Glibc
internal import LMDB
internal import SegmentModel

/// What was saved of one audience.
public struct AudienceSalvage: Sendable {
    public var id: String
    public var log: SalvagedLog
    /// Definitions that are in the new directory.
    public var definitionsKept = 0
    /// Those that could be read and make no sense without a lost one, and why.
    public var definitionsDropped: [String] = []
    public var recipientLists = 0
    /// Recipient lists that cannot be read; the new directory still names them.
    public var lostLists: [String] = []
    /// Why nothing of the audience was saved; nil if it was.
    public var failure: String?

    init(id: String) {
        self.id = id
        log = SalvagedLog()
    }

    /// Whether all that was there was saved.
    public var isComplete: Bool {
        log.lostSequences.isEmpty && log.lostDefinitions.isEmpty && definitionsDropped.isEmpty && lostLists.isEmpty
            && failure == nil
    }
}

/// Saves what is sound of a damaged data directory into a new one. The damaged one is only read.
public struct DirectorySalvage: Sendable {
    private let source: String
    private let target: String
    private let configuration: AudienceConfiguration
    private let lock: DirectoryLock?
    /// The audiences that there are to save.
    public let audiences: [String]

    /// - Parameters:
    ///   - source: the damaged directory; refused while another process has it open.
    ///   - target: made anew; nothing may be there.
    public init(
        from source: String, to target: String, configuration: AudienceConfiguration = AudienceConfiguration()
    ) throws(AudienceError) {
        self.source = source
        self.target = target
        self.configuration = configuration
        lock = try DirectoryLock(reading: source + "/lock")
        // An unreadable FORMAT is one more thing that is damaged: what has a log is an audience.
        audiences = try Directories.names(in: source + "/audiences").filter { id in
            let home = source + "/audiences/" + id
            return AudienceName.isValid(id)
                && ["/log", "/log.former", "/FORMAT"].contains { access(home + $0, F_OK) == 0 }
        }
        try FileTree.makeNew(target)
        try FileTree.makeNew(target + "/audiences")
        try Directories.writeFormat(in: target, kind: DataDirectory.kind, .system)
    }

    /// Saves one audience. What makes a new log impossible is in the report, and leaves no audience.
    public func save(_ id: String) -> AudienceSalvage {
        var found = AudienceSalvage(id: id)
        let home = target + "/audiences/" + id
        do {
            try FileTree.makeNew(home)
            found.log = try LogSalvage.run(
                from: source + "/audiences/" + id, to: home,
                mapSizeBytes: configuration.mapSizeBytes)
            try keepDefinitions(in: home, &found)
            try Directories.writeFormat(in: home, kind: DataDirectory.audienceKind, .system)
        } catch {
            found.failure = AudienceError(wrapping: error).message
            FileTree.remove(home)
        }
        return found
    }

    /// Stores the definitions that make sense one after the other, and the files of the lists that they name.
    private func keepDefinitions(in home: String, _ found: inout AudienceSalvage) throws {
        var records: [JSONValue] = []
        var book: DefinitionBook?
        for (number, json) in found.log.definitions {
            guard let record = DefinitionRecord(json) else {
                found.definitionsDropped.append("Definition \(number) is not of a form this version knows.")
                continue
            }
            do throws(AudienceError) {
                if book == nil {
                    book = try DefinitionBook(records: [json])
                } else {
                    try book?.apply(record)
                }
                records.append(json)
            } catch {
                found.definitionsDropped.append("Definition \(number): \(error.message)")
            }
        }
        guard let book else {
            throw AudienceError(.dataDamaged, "No definition with the audience's settings can be read.")
        }
        found.definitionsKept = records.count
        let log = try EventLog(directory: home, mapSizeBytes: configuration.mapSizeBytes)
        try log.define(records)
        try log.close()
        try keepLists(of: book, in: home, &found)
    }

    private func keepLists(of book: DefinitionBook, in home: String, _ found: inout AudienceSalvage) throws {
        let lists = book.recipients.lists
        guard !lists.isEmpty else { return }
        let store = RecipientStore(home: source + "/audiences/" + found.id, steps: .system)
        try FileTree.makeNew(home + "/sent")
        for list in lists {
            if try store.copy(list, to: home) {
                found.recipientLists += 1
            } else {
                found.lostLists.append(list.campaign.text)
            }
        }
        try FileTree.sync(home + "/sent")
    }
}

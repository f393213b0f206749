internal import EventLog
internal import Glibc
public import LMDB
internal import SegmentModel
internal import Synchronization

/// Where and how audiences are stored.
public struct AudienceConfiguration: Sendable {
    /// Bound on each store of each audience, in bytes; address space, not disk.
    public var mapSizeBytes: Int
    /// Where the system keeps its time zones.
    public var zoneDirectory: String
    /// The most threads that work on one audience's memberships at a time.
    public var threads: Int
    /// What every audience is given: prebuilt segments, and what integrations offer.
    public var provisions: AudienceProvisions
    /// How what is stored becomes durable.
    public var steps = DurableSteps.system
    /// Whether a tick returns only when the view it began is written: where time is virtual, nothing goes on beside it.
    public var awaitsViews = false
    /// How contacts are erased.
    public var erasure: ErasureSettings
    /// Where backups go that are given a name only; nil: they need an absolute path.
    public var backupDirectory: String?
    /// Disk space that is held back for making room on a full disk, in bytes; 0: none.
    public var reserveBytes: Int

    public init(
        mapSizeBytes: Int = 64 << 30, zoneDirectory: String = "/usr/share/zoneinfo",
        threads: Int = AudienceConfiguration.processorCount, provisions: AudienceProvisions = AudienceProvisions(),
        erasure: ErasureSettings = ErasureSettings(), backupDirectory: String? = nil, reserveBytes: Int = 0
    ) {
        self.backupDirectory = backupDirectory
        self.reserveBytes = reserveBytes
        self.mapSizeBytes = mapSizeBytes
        self.zoneDirectory = zoneDirectory
        self.threads = max(threads, 1)
        self.provisions = provisions
        self.erasure = erasure
    }

    /// The processors of this machine.
    public static var processorCount: Int {
        sysconf(Int32(_SC_NPROCESSORS_ONLN))
    }
}

/// All audiences of one daemon: a directory with one directory each.
///
/// ```
/// FORMAT               what this directory is, written once
/// lock                 held while a process has the directory open
/// audiences/ID/FORMAT  written when the audience was complete
/// audiences/ID/log, audiences/ID/index, audiences/ID/view
/// ```
public final class DataDirectory: Sendable {
    let path: String
    let configuration: AudienceConfiguration
    let clock: any AudienceClock
    let backups = BackupsUnderWay()
    let reserve: DiskReserve
    private let lock: DirectoryLock
    private let erasures: ErasureList
    private let open: Mutex<[String: Audience]>
    /// Contacts that an older copy of the directory had brought back, and that were erased again when it was opened.
    public var reappliedErasures: Int { reapplied.load(ordering: .relaxed) }
    private let reapplied = Atomic<Int>(0)
    let ticks = TicksUnderWay()

    /// Opens the directory, making it if it is not there, and brings every audience up to the clock.
    public static func open(
        path: String, configuration: AudienceConfiguration = AudienceConfiguration(), clock: any AudienceClock
    ) async throws(AudienceError) -> DataDirectory {
        let directory = try DataDirectory(path: path, configuration: configuration, clock: clock)
        try directory.erasures.checkLastLine(isTorn: directory.audiences.contains(where: \.hasUnlistedErasures))
        try await directory.checkSuspicion()
        for audience in directory.audiences {
            try await audience.tick()
            directory.reapplied.wrappingAdd(try await audience.reapplyErasures(), ordering: .relaxed)
        }
        return directory
    }

    private init(path: String, configuration: AudienceConfiguration, clock: any AudienceClock) throws(AudienceError) {
        self.path = path
        self.configuration = configuration
        self.clock = clock
        try Directories.make(path, configuration.steps)
        reserve = DiskReserve(directory: path, byteCount: configuration.reserveBytes)
        // Nothing is written into a directory that is somebody else's.
        try Directories.checkOrWriteFormat(in: path, kind: Self.kind, configuration.steps)
        lock = try DirectoryLock(path: path + "/lock")
        // Opening needs to write.
        reserve.releaseIfFull()
        // What is added from here on was not backed up.
        configuration.steps.remove(path + "/" + BackupManifest.name)
        try Directories.make(path + "/audiences", configuration.steps)
        try Directories.sync(path, configuration.steps)
        let erasures = try ErasureList(
            directory: configuration.erasure.listDirectory ?? path + "/erasures",
            keyFile: configuration.erasure.keyFile, steps: configuration.steps)
        self.erasures = erasures
        var audiences: [String: Audience] = [:]
        // What a creation that failed at its last step left is believed from here on: its names must last.
        try Directories.sync(path + "/audiences", configuration.steps)
        for id in try Directories.names(in: path + "/audiences") where AudienceName.isValid(id) {
            let place = path + "/audiences/" + id
            // Without its FORMAT the audience was never complete: its creation did not return.
            guard try Directories.hasFormat(place, kind: Self.audienceKind) else { continue }
            try Directories.sync(place, configuration.steps)
            audiences[id] = try Audience(
                id: id, directory: place, configuration: configuration, erasures: erasures, clock: clock)
        }
        open = Mutex(audiences)
        reserve.hold()
    }

    static let kind = "segmentd data directory"
    static let audienceKind = "segmentd audience"

    /// Every audience, sorted by id.
    public var audiences: [Audience] {
        open.withLock { $0.values.sorted { $0.id < $1.id } }
    }

    /// The audience of that id.
    public func audience(_ id: String) throws(AudienceError) -> Audience {
        if let found = open.withLock({ $0[id] }) { return found }
        let known = audiences.map(\.id)
        let near = NameSuggestion.nearest(to: id, among: known)
        let hint =
            near.map { " Did you mean “\($0)”?" } ?? (known.isEmpty ? " There is none yet; create one first." : "")
        throw AudienceError(.audienceNotFound, "There is no audience “\(id)”.\(hint)", related: near.map { [$0] } ?? [])
    }

    /// Makes a new audience; when it returns, the audience is durable.
    public func create(id: String, settings: AudienceSettings) async throws(AudienceError) -> Audience {
        guard AudienceName.isValid(id) else {
            throw AudienceError(
                .invalidName,
                "“\(id)” cannot name an audience: use 1 to 63 of a-z, 0-9 and -, starting with a letter or digit.",
                pointer: "/id")
        }
        try settings.check()
        _ = try settings.evaluationContext(zones: ZoneDirectory(path: configuration.zoneDirectory))
        let audience = try open.withLock { audiences throws(AudienceError) in
            guard audiences[id] == nil else {
                throw AudienceError(.audienceExists, "There is an audience “\(id)” already.", pointer: "/id")
            }
            guard audiences.count < Self.audiencesMax else {
                throw AudienceError(.planLimit, "A daemon keeps at most \(Self.audiencesMax) audiences.")
            }
            let audience = try make(id, settings)
            audiences[id] = audience
            return audience
        }
        try await audience.tick()
        return audience
    }

    /// Each audience holds three maps and some threads.
    private static let audiencesMax = 256

    private func make(_ id: String, _ settings: AudienceSettings) throws(AudienceError) -> Audience {
        let place = path + "/audiences/" + id
        do throws(AudienceError) {
            try begin(in: place, settings)
        } catch {
            // What a power loss left of a creation may be unreadable. Nothing in it was ever acknowledged; it is kept all
            // the same, in case it is an audience whose FORMAT was lost.
            guard error.code == .dataDamaged, try !Directories.hasFormat(place, kind: Self.audienceKind) else {
                throw error
            }
            try Directories.setAside(place, configuration.steps)
            try begin(in: place, settings)
        }
        try Directories.checkOrWriteFormat(in: place, kind: Self.audienceKind, configuration.steps)
        return try Audience(
            id: id, directory: place, configuration: configuration, erasures: erasures, clock: clock)
    }

    /// Makes an audience's directory and the first record of its log.
    private func begin(in place: String, _ settings: AudienceSettings) throws(AudienceError) {
        try Directories.make(place, configuration.steps)
        try Directories.sync(path + "/audiences", configuration.steps)
        do {
            let log = try EventLog(
                directory: place, mapSizeBytes: configuration.mapSizeBytes, steps: configuration.steps)
            // A creation that was cut short may have left its first record, with other settings.
            let records = try log.definitions()
            if try records.isEmpty || DefinitionBook(records: records).settings != settings {
                try log.define(DefinitionRecord.settings(settings, at: clock.now()).json)
            }
            try log.close()
        } catch {
            throw AudienceError(wrapping: error)
        }
    }

    /// Closes every audience and lets go of the directory. No call may be under way.
    public func close() async throws(AudienceError) {
        let closing = audiences
        backups.stop()
        open.withLock { $0 = [:] }
        await ticks.ended()
        var failure: AudienceError?
        for audience in closing {
            do {
                try await audience.close()
            } catch {
                failure = failure ?? error
            }
        }
        lock.release()
        if let failure { throw failure }
    }
}

/// Audience ids are also names of directories and parts of URLs.
enum AudienceName {
    static func isValid(_ id: String) -> Bool {
        (1...63).contains(id.utf8.count) && !id.hasPrefix("-")
            && id.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }
}

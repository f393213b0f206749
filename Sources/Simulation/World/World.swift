internal import Audiences
internal import LMDB
internal import RandomWorlds
internal import SegmentModel

/// A whole world from one seed: a data directory with real audiences on a simulated disk and a virtual clock, sources that
/// send to them, people who define and send, and what must be true of it all.
final class World {
    var random: SeededGenerator
    let clock: VirtualClock
    private let home: String
    private var generation = 0
    private(set) var disk: SimulatedDisk
    private(set) var directory: DataDirectory?
    /// Grows when stores have become full, as an operator would let it.
    private var mapSizeBytes: Int
    let audiencesMax: Int

    var expected: [String: ExpectedAudience] = [:]
    var sources: [String: Source] = [:]
    /// Audiences whose creation was cut short: they may be there after a start.
    var uncertain: [String: AudienceSettings] = [:]
    /// What was asked for and not answered yet.
    var inFlight = InFlight.nothing
    var reader: SlowReader?
    /// Whether nothing but time has passed in the present step.
    var isTicking = false
    private var zones: [String: TimeZoneRules] = [:]

    var transcript: [String] = []
    var tally = Tally()

    /// Stores have between so little room that worlds outgrow it, and more than they will ever need.
    private static let mapSizes = [256 << 10, 1 << 20, 64 << 20, 64 << 20, 64 << 20, 64 << 20]

    /// - Parameter home: an empty directory of the world's own.
    init(seed: UInt64, home: String) throws {
        random = SeededGenerator(seed: seed)
        self.home = home
        clock = VirtualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        mapSizeBytes = random.pick(Self.mapSizes)
        audiencesMax = Int.random(in: 1...3, using: &random)
        Tree.makeDirectory(home + "/0")
        // The same digests in every world.
        Tree.write(Array(repeating: 7, count: 32), to: home + "/key")
        disk = SimulatedDisk(root: home + "/0")
    }

    var path: String { home + "/\(generation)" }

    /// A place beside the directory for a backup.
    var backup: String { home + "/backup" }

    /// A place beside the directory for one comparison.
    var scratch: String { home + "/scratch" }

    func configuration(steps: Bool = true) -> AudienceConfiguration {
        var configuration = AudienceConfiguration(mapSizeBytes: steps ? mapSizeBytes : 64 << 20, threads: 1)
        configuration.erasure.keyFile = home + "/key"
        configuration.awaitsViews = true
        if steps { configuration.steps = .init(observer: disk) }
        return configuration
    }

    /// Whether a store is full and has to be opened with more room.
    var wantsRoom = false

    var hasSmallMap: Bool { mapSizeBytes < 64 << 20 }

    func zone(_ name: String) throws -> TimeZoneRules {
        if let known = zones[name] { return known }
        let rules = try ZoneDirectory(path: "/usr/share/zoneinfo").rules(of: name)
        zones[name] = rules
        return rules
    }

    func audience(_ id: String) throws -> Audience {
        guard let directory else { throw Violation("the directory is open", id) }
        return try directory.audience(id)
    }

    func say(_ text: String) { transcript.append(text) }

    // MARK: Starts and crashes

    /// The next crash, at one of the next moments, or none.
    func arm(_ probability: Double) {
        guard !disk.isArmed, random.chance(probability) else { return }
        disk.crash(
            after: Int.random(in: 1...12, using: &random), random.pick(SimulatedDisk.Crash.allCases),
            image: home + "/\(generation + 1)", random: SeededGenerator(seed: random.next()))
    }

    /// Starts the daemon's part of the world, however often it takes.
    func open() async throws {
        var hadReason = disk.isFull
        while true {
            let failures = disk.failures
            do {
                let opened = try await DataDirectory.open(path: path, configuration: configuration(), clock: clock)
                directory = opened
                guard disk.hasCrashed else { break }
            } catch {
                if !disk.hasCrashed {
                    hadReason = hadReason || disk.failures > failures || hasSmallMap && error.code == .storageFull
                    try require(
                        hadReason, "what was acknowledged can be opened again",
                        "\(error.code.rawValue): \(error.message)")
                    say("  the start failed: \(error.code.rawValue)")
                    makeRoom()
                    hadReason = false
                    continue
                }
            }
            await moveIntoImage()
        }
        tally.starts += 1
        for audience in directory?.audiences ?? [] {
            await audience.keepChanges()
            _ = await audience.takeChanges()
        }
    }

    /// The operator frees the disk and gives stores more room.
    func makeRoom() {
        disk.relax()
        disk.isFull = false
        wantsRoom = false
        mapSizeBytes = min(mapSizeBytes * 8, 64 << 20)
    }

    /// Ends the process, if it has not ended, and goes on with what the crash left.
    func moveIntoImage() async {
        reader = nil
        try? await directory?.close()
        directory = nil
        let (place, synced) = disk.remains
        say("  crash \(place)")
        Tree.remove(path)
        generation += 1
        let wasFull = disk.isFull
        disk = SimulatedDisk(root: path, synced: synced)
        disk.isFull = wasFull
        tally.crashes += 1
    }

    /// A clean stop; false if it ended in a crash.
    func close() async throws -> Bool {
        reader = nil
        let failures = disk.failures
        do {
            try await directory?.close()
        } catch {
            try require(
                disk.hasCrashed || disk.failures > failures || disk.isFull || hasSmallMap,
                "a directory can be closed", error.message)
        }
        directory = nil
        return !disk.hasCrashed
    }

    /// Removes everything the world has on the disk.
    func remove() {
        Tree.remove(home)
    }
}

/// What a world has been through.
struct Tally: Equatable {
    var starts = 0
    var crashes = 0
    var refusals = 0
    var events = 0
    var comparisons = 0
    var rebuilds = 0
}

/// A request under way.
enum InFlight {
    case nothing
    case create(String, AudienceSettings)
    case ingest(String, [Event])
    case save(String, name: String, Condition)
    case edit(String, segment: String, ExpectedSegment.Revision)
    case delete(String, [String])
    case settings(String, AudienceSettings)
    case send(String, segment: String, campaign: Identifier)
}

/// Somebody who reads an export very slowly.
struct SlowReader {
    let audience: String
    var export: TextExport
    let expected: String
}

/// The call ended with the machine.
struct Crashed: Error {}

import Glibc
import LMDB
import TestSupport
import Testing

struct PinnedExecutorTests {
    @Test("every job runs on one thread, which bears the name and is none of the callers'")
    func oneThread() async {
        let executor = PinnedExecutor(name: "pin-one")
        let place = Place(executor: executor)
        let sightings = await withTaskGroup(of: Sighting.self) { group in
            for _ in 0..<200 { group.addTask { await place.look() } }
            return await group.reduce(into: Set<Sighting>()) { $0.insert($1) }
        }
        #expect(sightings.count == 1)
        #expect(sightings.first?.threadName == "pin-one")
        #expect(sightings.first?.isIsolated == true)
        #expect(executor.isIsolatingCurrentContext() == false)
        executor.shutdown()
    }

    @Test("an actor's state is kept by one job at a time")
    func exclusion() async {
        let executor = PinnedExecutor(name: "pin-count")
        let place = Place(executor: executor)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<500 { group.addTask { await place.count() } }
        }
        #expect(await place.number == 500)
        executor.shutdown()
    }

    @Test("a job may await elsewhere and comes back to the thread")
    func comingBack() async {
        let executor = PinnedExecutor(name: "pin-back")
        let place = Place(executor: executor)
        #expect(await place.awaitElsewhere() == ["pin-back", "pin-back"])
        executor.shutdown()
    }

    @Test("a long name is cut, not refused")
    func longName() async {
        let executor = PinnedExecutor(name: "a-name-of-more-than-15-bytes")
        #expect(await Place(executor: executor).look().threadName == "a-name-of-more-")
        #expect(executor.name == "a-name-of-more-than-15-bytes")
        executor.shutdown()
    }

    @Test("shutdown ends the thread, and may be repeated")
    func shutdown() async {
        let executor = PinnedExecutor(name: "pin-shutdown")
        let place = Place(executor: executor)
        await place.count()
        // The system's list of threads may end early, and has one that is gone for moments: the test waits, and hangs if
        // that lasts.
        while !threadNames().contains("pin-shutdown") { await Task.yield() }
        executor.shutdown()
        executor.shutdown()
        while threadNames().contains("pin-shutdown") { await Task.yield() }
        #expect(executor.isIsolatingCurrentContext() == false)
    }

    @Test("the thread ends when the last reference has gone, without a shutdown")
    func dropping() async {
        do {
            let place = Place(executor: PinnedExecutor(name: "pin-drop"))
            await place.count()
            while !threadNames().contains("pin-drop") { await Task.yield() }
        }
        while threadNames().contains("pin-drop") { await Task.yield() }
    }

    @Test("an executor may go with the last job that it was given")
    func goneWithTheJob() async {
        let other = Place(executor: PinnedExecutor(name: "pin-stays"))
        for _ in 0..<3_000 {
            let place = Place(executor: PinnedExecutor(name: "pin-goes"))
            #expect(await place.visit(other) == "pin-goes")
        }
    }

    @Test("being elsewhere than claimed stops the program")
    func wrongThread() async {
        await #expect(processExitsWith: trap) {
            let executor = PinnedExecutor(name: "pin-claim")
            executor.checkIsolated()
        }
    }

    @Test("a job after the shutdown stops the program instead of waiting for ever")
    func lateJob() async {
        await #expect(processExitsWith: trap) {
            let executor = PinnedExecutor(name: "pin-late")
            let place = Place(executor: executor)
            executor.shutdown()
            await place.count()
        }
    }

    @Test("an executor that shuts itself down stops the program instead of waiting for ever")
    func ownShutdown() async {
        await #expect(processExitsWith: trap) {
            let executor = PinnedExecutor(name: "pin-self")
            await Place(executor: executor).shutDown()
        }
    }
}

private struct Sighting: Hashable {
    let threadName: String
    let thread: UInt
    let isIsolated: Bool?
}

private actor Place {
    private let executor: PinnedExecutor
    private(set) var number = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: PinnedExecutor) {
        self.executor = executor
    }

    func look() -> Sighting {
        executor.checkIsolated()
        return Sighting(
            threadName: currentThreadName(), thread: UInt(pthread_self()),
            isIsolated: executor.isIsolatingCurrentContext())
    }

    func count() {
        number += 1
    }

    func awaitElsewhere() async -> [String] {
        let before = currentThreadName()
        await Elsewhere().rest()
        return [before, currentThreadName()]
    }

    /// Looks at the other place, and says where it came back to.
    func visit(_ other: Place) async -> String {
        _ = await other.look()
        return currentThreadName()
    }

    func shutDown() {
        executor.shutdown()
    }
}

private actor Elsewhere {
    func rest() async { await Task.yield() }
}

private func currentThreadName() -> String {
    firstLine(ofFile: "/proc/thread-self/comm")
}

/// The names of all threads of this process.
private func threadNames() -> [String] {
    guard let directory = opendir("/proc/self/task") else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let thread = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        names.append(firstLine(ofFile: "/proc/self/task/\(thread)/comm"))
    }
    return names
}

private func firstLine(ofFile path: String) -> String {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}

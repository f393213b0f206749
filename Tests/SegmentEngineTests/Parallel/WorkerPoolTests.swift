import Glibc
import Synchronization
import TestSupport
import Testing

@testable import SegmentEngine

@Suite("WorkerPool")
struct WorkerPoolTests {
    @Test("Every piece is done exactly once when the call returns, call after call", arguments: [1, 2, 3, 8])
    func doesEveryPieceOnce(width: Int) {
        let pool = WorkerPool(name: "test", width: width)
        var random = SeededGenerator(seed: UInt64(width))
        for _ in 0..<300 {
            let count = Int.random(in: 0...20, using: &random)
            let seen = Mutex([Int](repeating: 0, count: count))
            pool.forEach(count: count) { index in seen.withLock { $0[index] += 1 } }
            let counts = seen.withLock { $0 }
            #expect(counts == [Int](repeating: 1, count: count))
            // At times long enough for the threads to fall asleep.
            if random.chance(0.05) { usleep(2_000) }
        }
        pool.shutdown()
    }

    @Test("Two pieces that wait for each other are at work at once")
    func worksInParallel() {
        let pool = WorkerPool(name: "test", width: 2)
        for _ in 0..<20 {
            let arrived = Atomic<Int>(0)
            pool.forEach(count: 2) { _ in
                arrived.add(1, ordering: .relaxed)
                while arrived.load(ordering: .relaxed) < 2 { sched_yield() }
            }
            let arrivedNow = arrived.load(ordering: .relaxed)
            #expect(arrivedNow == 2)
        }
    }

    @Test("Threads that have fallen asleep are woken")
    func wakesSleepingThreads() {
        let pool = WorkerPool(name: "test", width: 3)
        pool.forEach(count: 2) { _ in }
        for _ in 0..<5 {
            while pool.work.sleeperCount < 2 { sched_yield() }
            let arrived = Atomic<Int>(0)
            pool.forEach(count: 3) { _ in
                arrived.add(1, ordering: .relaxed)
                while arrived.load(ordering: .relaxed) < 3 { sched_yield() }
            }
            let arrivedNow = arrived.load(ordering: .relaxed)
            #expect(arrivedNow == 3)
        }
    }

    @Test("The caller waits for a piece that takes long on another thread")
    func waitsForSlowPieces() {
        let pool = WorkerPool(name: "test", width: 2)
        let caller = UInt(pthread_self())
        let hasBegun = Atomic<Bool>(false)
        let hasEnded = Atomic<Bool>(false)
        pool.forEach(count: 2) { _ in
            guard UInt(pthread_self()) != caller else {
                while !hasBegun.load(ordering: .acquiring) { sched_yield() }
                return
            }
            // The caller leaves its piece, looks for a moment and falls asleep.
            hasBegun.store(true, ordering: .releasing)
            while !pool.work.isCallerAsleep { sched_yield() }
            hasEnded.store(true, ordering: .releasing)
        }
        let hasEndedNow = hasEnded.load(ordering: .acquiring)
        #expect(hasEndedNow)
    }

    @Test("What pieces write is seen by the caller")
    func publishesWrites() {
        let pool = WorkerPool(name: "test", width: 4)
        for round in 0..<200 {
            let cells = UnsafeMutableBufferPointer<Int>.allocate(capacity: 16)
            defer { cells.deallocate() }
            nonisolated(unsafe) let target = cells
            pool.forEach(count: 16) { index in target[index] = index * round }
            #expect(cells.elementsEqual((0..<16).map { $0 * round }))
        }
    }

    @Test("A call from within a piece is done by the thread that makes it")
    func runsNestedCallsInline() {
        let pool = WorkerPool(name: "test", width: 2)
        let strays = Atomic<Int>(0)
        let done = Atomic<Int>(0)
        pool.forEach(count: 4) { _ in
            let thread = UInt(pthread_self())
            pool.forEach(count: 5) { _ in
                if UInt(pthread_self()) != thread { strays.add(1, ordering: .relaxed) }
                done.add(1, ordering: .relaxed)
            }
        }
        let straysNow = strays.load(ordering: .relaxed)
        #expect(straysNow == 0)
        let doneNow = done.load(ordering: .relaxed)
        #expect(doneNow == 20)
    }

    @Test("Calls from several threads at once are all done")
    func servesSeveralCallers() async {
        let pool = WorkerPool(name: "test", width: 3)
        let total = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let sum = Atomic<Int>(0)
                    for _ in 0..<100 { pool.forEach(count: 10) { sum.add($0, ordering: .relaxed) } }
                    return sum.load(ordering: .relaxed)
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 4 * 100 * 45)
    }

    @Test("After the shutdown, which may be repeated, work is done by the caller")
    func shutsDown() {
        let pool = WorkerPool(name: "test", width: 3)
        pool.forEach(count: 3) { _ in }
        pool.shutdown()
        pool.shutdown()
        let caller = UInt(pthread_self())
        let doneHere = Atomic<Int>(0)
        pool.forEach(count: 10) { _ in
            if UInt(pthread_self()) == caller { doneHere.add(1, ordering: .relaxed) }
        }
        let doneHereNow = doneHere.load(ordering: .relaxed)
        #expect(doneHereNow == 10)
    }

    @Test("A pool nobody holds any more ends its threads")
    func endsWithItsLastReference() {
        var pool: WorkerPool? = WorkerPool(name: "test", width: 2)
        let witness = Mutex<WeakPool>(WeakPool(pool))
        pool?.forEach(count: 2) { _ in usleep(100) }
        pool = nil
        let isGone = witness.withLock { $0.pool == nil }
        #expect(isGone)
    }
}

private struct WeakPool {
    weak var pool: WorkerPool?

    init(_ pool: WorkerPool?) {
        self.pool = pool
    }
}

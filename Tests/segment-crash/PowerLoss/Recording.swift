import FoundationEssentials

/// A workload as it ran once, with everything it did to its files.
struct Recording: Sendable {
    let steps: [Step]
    let operations: [Trace.Operation]

    /// Runs the steps with a daemon of its own, whose calls are recorded, and checks that nothing escaped the recording.
    init(of steps: [Step]) throws {
        self.steps = steps
        let home = try DaemonHome()
        let file = home.path("trace")
        let environment = ["FAULT_TRACE": file]
        var daemon = try home.started(environment)
        defer { daemon.kill() }
        for (number, step) in steps.enumerated() {
            guard step != .restart else {
                try home.stop(daemon)
                daemon = try home.started(environment)
                continue
            }
            try Trace.append(.sent(step: number), to: file)
            guard case .answered(let answer) = home.make(step), answer.isSuccess else {
                throw Violation("step \(number + 1), \(step), was not done: \(home.lastWords)")
            }
            try Trace.append(.acknowledged(step: number, workedOff: answer.workedOff(by: step)), to: file)
        }
        try home.stop(daemon)
        operations = try Trace(file: file, root: home.data).operations
        try check(home)
    }

    /// What LMDB and the lock write into these goes through memory, and means nothing to the next process.
    private static let unrecorded: Set<String> = ["lock.mdb", "lock"]

    private func check(_ home: DaemonHome) throws {
        var model = DiskModel()
        for operation in operations { try model.apply(operation) }
        var real = Set(try FileManager.default.subpathsOfDirectory(atPath: home.data))
        for (path, bytes) in model.image(losing: .nothing, names: .nothing, draw: { _ in 0 }) {
            guard real.remove(path) != nil else { throw Violation("\(path) was recorded and is not there") }
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            guard let bytes, !Self.unrecorded.contains(name) else { continue }
            guard try Array(Data(contentsOf: URL(filePath: home.data + "/" + path))) == bytes else {
                throw Violation("the recording misses something that was written to \(path)")
            }
        }
        guard real.isEmpty else { throw Violation("the recording misses \(real.sorted())") }
    }

    /// What the client knew when the first so many operations had been done.
    func ledger(after count: Int) -> Ledger {
        var ledger = Ledger(steps)
        for case .mark(let mark) in operations[..<count] {
            switch mark {
            case .sent(let step): ledger.lanes[0][step].outcome = .doubtful
            case .acknowledged(let step, let workedOff):
                ledger.lanes[0][step].outcome = .acknowledged
                ledger.lanes[0][step].workedOff = workedOff
            }
        }
        return ledger
    }
}

import EventLog
import SegmentModel

/// The measures, one after the other, in an order that leaves each what it needs.
struct EngineRun {
    let session: Session
    let options: EngineOptions
    private(set) var report = Report()
    private var rebuild = RebuildMeasure()

    init(session: Session, options: EngineOptions) {
        self.session = session
        self.options = options
        report.heading = [
            ("machine", Machine.text), ("threads", "\(options.threads)"),
            ("events", Double(session.startSequence).shortText), ("segments", "\(session.definitions.count)"),
            ("instant", session.start.description),
        ]
    }

    mutating func measure() async throws {
        if wants(.size) { report.add(LogSize.figures(of: options.log, events: Int(session.startSequence))) }
        if wants(.latency) || wants(.memory) { try await follow() }
        if wants(.rebuild) || wants(.members) { try await rebuildAgain() }
        if wants(.review) || wants(.save) { try await review() }
        if wants(.live) || wants(.midnight) { try await goOn() }
        if wants(.start) { try await start() }
        if wants(.heavy) { try heavy() }
        try session.close()
    }

    private func wants(_ measure: Measure) -> Bool {
        options.only.isEmpty || options.only.contains(measure)
    }

    /// The first rebuild, then new events: what a process goes through whose memory is looked at.
    private mutating func follow() async throws {
        Progress.say("rebuilding, then following new events")
        var memory = MemoryMeasure()
        var latency = LatencyMeasure()
        let keeper = try await rebuild.round(session)
        try await memory.adoptView(session, keeper)
        try await latency.run(session, keeper, ticks: options.ticks)
        memory.end()
        report.add(wants(.latency) ? latency.figures(session) : [])
        report.add(wants(.memory) ? memory.figures(session) : [])
    }

    /// Rebuilds as often as asked, the last time as of the first instant of the list of members.
    private mutating func rebuildAgain() async throws {
        let list = wants(.members) ? try memberList() : nil
        let rounds = wants(.rebuild) ? options.rounds : 0
        while rebuild.roundCount < rounds - (list == nil ? 0 : 1) { _ = try await rebuild.round(session) }
        if let list, let first = list.sections.first {
            try await check(try await rebuild.round(session, at: first.instant), list)
        }
        report.add(wants(.rebuild) ? rebuild.figures(session) : [])
    }

    private func memberList() throws -> MemberList? {
        let list = try session.workload.membersPath.map { try MemberList($0) }
        if let list, list.covers(session.definitions) { return list }
        Progress.say("members are not compared: the workload has no members.txt for these definitions")
        return nil
    }

    private mutating func check(_ keeper: Keeper, _ list: MemberList) async throws {
        var differences: [String] = []
        for section in list.sections {
            await keeper.advance(to: section.instant)
            differences += section.differences(to: await keeper.snapshot())
        }
        guard differences.isEmpty else {
            throw BenchFailure(differences.joined(separator: "\n"), status: BenchFailure.wrongResult)
        }
        report.add([
            Figure(
                key: "members", title: "segments whose members equal the list, all", unit: .count,
                values: [Double(list.count)])
        ])
    }

    private mutating func review() async throws {
        guard let path = options.reviews else {
            return Progress.say("no --reviews, so nothing is reviewed or saved")
        }
        Progress.say("reviewing and saving definitions")
        var measure = ReviewMeasure()
        let reviews = try Definitions.read(path, types: session.log.fieldTypes)
        try await measure.run(session, try await session.currentKeeper(), reviews)
        report.add(wants(.review) ? measure.reviewFigures : [])
        report.add(wants(.save) ? measure.saveFigures : [])
    }

    private mutating func goOn() async throws {
        let keeper = try await session.currentKeeper()
        if wants(.live) {
            Progress.say("sending new events at full speed")
            var live = LiveMeasure()
            try await live.run(session, keeper, ticks: options.liveTicks)
            report.add(live.figures(session))
        }
        if wants(.midnight) {
            Progress.say("passing midnight, and a day")
            var edges = EdgeMeasure()
            report.add(try await edges.run(session, keeper))
        }
    }

    private mutating func start() async throws {
        Progress.say("starting from views")
        var measure = StartMeasure()
        try await measure.run(session)
        report.add(measure.figures)
    }

    private mutating func heavy() throws {
        Progress.say("ordering for a heavy contact")
        var measure = HeavyMeasure(session)
        try measure.run(session)
        report.add(measure.figures)
    }
}

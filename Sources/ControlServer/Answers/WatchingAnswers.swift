import Audiences
import ControlAPI
import Meters
import SegmentModel

extension DaemonFiguresAnswer {
    init(_ reading: DaemonReading) {
        let requests = reading.meters.requests
        let statuses = requests.flatMap(\.statuses)
        self.init(
            memoryBytes: reading.process.residentBytes, ownMemoryBytes: reading.process.ownBytes,
            diskFreeBytes: reading.process.diskFreeBytes,
            connections: reading.meters.connections.values.reduce(0) { $0 + $1.open },
            requests: statuses.reduce(0) { $0 + $1.value },
            requestSeconds: requests.reduce(0) { $0 + $1.times.totalSeconds },
            requestsFailed: statuses.reduce(0) { $0 + ($1.key >= 500 ? $1.value : 0) })
    }
}

extension AudienceFiguresAnswer {
    /// - Parameter hasReports: whether differences are told, which name segments and conditions.
    init(_ reading: AudienceReading, hasReports: Bool) {
        let figures = reading.figures
        let (ingest, log, index, view) = (figures.ingest, figures.log, figures.index, figures.view)
        self.init(
            appended: ingest.appended, duplicates: ingest.duplicates, conflicts: ingest.conflicts,
            rejected: ingest.rejected.values.reduce(0, +),
            frontierLagSeconds: reading.now.seconds(since: figures.frontier),
            oldestPendingSeconds: figures.oldestPendingAt.map { reading.now.seconds(since: $0) },
            ticks: figures.ticks.count, tickSeconds: figures.ticks.totalSeconds, ticksFailed: figures.tickFailures,
            commits: log.commits.count, commitSeconds: log.commits.totalSeconds, leaves: figures.leaves,
            gates: figures.gates, wakes: figures.wakes, columnBytes: figures.columnBytes,
            stores: [
                StoreAnswer(name: "log", usedBytes: log.usedBytes, mapBytes: log.mapBytes),
                StoreAnswer(name: "index", usedBytes: index.usedBytes, mapBytes: index.mapBytes),
                StoreAnswer(name: "view", usedBytes: view.fileBytes, mapBytes: view.mapBytes),
            ],
            audit: AuditAnswer(figures.audit, hasReports: hasReports))
    }
}

extension AuditAnswer {
    fileprivate init(_ audit: AuditFigures, hasReports: Bool) {
        self.init(
            contacts: audit.contacts, differences: audit.differences, failures: audit.failures,
            lastAt: audit.lastAt?.description,
            reports: hasReports
                ? audit.reports.map {
                    StateDifferenceAnswer(
                        $0.subject, digest: $0.digest, contact: nil, byLog: $0.isTrueByLog, frontier: $0.frontier)
                } : [])
    }
}

extension StateDifferenceAnswer {
    fileprivate init(
        _ subject: ContactDifference.Subject, digest: String, contact: Identifier?, byLog: Bool, frontier: Instant
    ) {
        self.init(
            digest: digest, contact: contact?.text, kind: subject.kind, byLog: byLog, frontier: frontier.description)
        switch subject {
        case .existence, .record: break
        case .segment(let label): segment = SegmentName(label)
        case .leaf(let sentence): leaf = sentence
        }
    }
}

extension VerificationAnswer {
    init(_ found: AudienceVerification, of audience: Audience, duration: Duration) {
        self.init(
            frontier: found.frontier.description, contacts: found.contacts, segments: found.segments,
            leaves: found.leaves,
            differences: found.differences.map {
                StateDifferenceAnswer(
                    $0.subject, digest: audience.digest(of: $0.contact), contact: $0.contact, byLog: $0.isTrueByLog,
                    frontier: found.frontier)
            },
            differenceCount: found.differenceCount,
            wrongCounts: found.wrongCounts.map {
                WrongCountAnswer(segment: SegmentName($0.segment), count: $0.count, members: $0.members)
            },
            durationMilliseconds: Int(duration / .milliseconds(1)))
    }
}

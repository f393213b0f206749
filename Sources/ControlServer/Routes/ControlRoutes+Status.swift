import Audiences
import ControlAPI
import Hummingbird
import SegmentModel

extension ControlRoutes {
    /// `GET /v1/status`
    func status(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        var audiences: [AudienceStatusAnswer] = []
        for audience in directory.audiences {
            var answer = AudienceStatusAnswer(audience, await audience.status())
            // Differences name segments and conditions, which are none of a sender's business.
            answer.figures = reading(of: audience)
                .map { AudienceFiguresAnswer($0, hasReports: context.role != .ingest) }
            audiences.append(answer)
        }
        let uptime = ContinuousClock.now - daemon.startedAt
        return try .json(
            StatusAnswer(
                version: Release.version, now: daemon.clock.now().description,
                clockStartedAt: daemon.clockStartedAt?.description, clock: ClockAnswer(daemon),
                uptimeSeconds: uptime.components.seconds,
                dataDirectory: daemon.dataDirectory,
                sockets: daemon.sockets.map { SocketStatus(path: $0.path, role: $0.role.rawValue) },
                audiences: audiences.sorted { $0.id < $1.id }, figures: DaemonFiguresAnswer(daemonReading()),
                backup: directory.backupProgress.map { BackupProgressAnswer($0) },
                lastBackup: directory.lastBackup.map { BackupAnswer($0) }, reserveHeld: directory.isReserveHeld))
    }
}

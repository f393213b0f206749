public import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The control API over one data directory: which route answers what, and over which socket.
public struct ControlRoutes: Sendable {
    let directory: DataDirectory
    let daemon: DaemonFacts
    let failures: StoreFailures
    let access: AccessControl
    let meters: ServerMeters
    let streams = Turnstile("streams", countMax: Bounds.streamsMax)
    /// What requests of ingest may hold; tests make it smaller.
    var room = BodyRoom()
    let reviews = Turnstile("reviews and differences", countMax: Bounds.reviewsMax)

    /// - Parameters:
    ///   - failures: told of every failure of a store.
    ///   - access: which users may ask.
    ///   - meters: counts what is asked.
    public init(
        directory: DataDirectory, daemon: DaemonFacts, failures: StoreFailures = StoreFailures(),
        access: AccessControl = AccessControl(), meters: ServerMeters = ServerMeters()
    ) {
        self.directory = directory
        self.daemon = daemon
        self.failures = failures
        self.access = access
        self.meters = meters
    }

    /// One row of the table.
    struct Route: Sendable {
        let method: HTTPRequest.Method
        let template: String
        /// Over which sockets; over none if nobody said so.
        var roles: Set<SocketRole> = []
        let handle: @Sendable (Request, ControlContext) async throws -> Response
    }

    private static let everybody: Set<SocketRole> = [.ingest, .query, .operator]
    private static let senders: Set<SocketRole> = [.ingest, .operator]
    private static let readers: Set<SocketRole> = [.query, .operator]
    private static let operators: Set<SocketRole> = [.operator]

    /// The whole API. What is not here does not exist, over any socket.
    var table: [Route] {
        typealias Path = Routes.Template
        return [
            Route(method: .get, template: Path.status, roles: Self.everybody, handle: status),
            Route(method: .post, template: Path.backups, roles: Self.operators, handle: backUp),
            Route(method: .get, template: Path.audiences, roles: Self.readers, handle: listAudiences),
            Route(method: .post, template: Path.audiences, roles: Self.operators, handle: createAudience),
            Route(method: .get, template: Path.audience, roles: Self.readers, handle: showAudience),
            Route(method: .patch, template: Path.audience, roles: Self.operators, handle: changeAudience),
            Route(method: .post, template: Path.events, roles: Self.senders, handle: ingest),
            Route(method: .get, template: Path.pending, roles: Self.readers, handle: listPending),
            Route(method: .get, template: Path.forecast, roles: Self.readers, handle: forecastPending),
            Route(method: .get, template: Path.contacts, roles: Self.readers, handle: listContacts),
            Route(method: .get, template: Path.contact, roles: Self.readers, handle: showContact),
            Route(method: .post, template: Path.erasure, roles: Self.operators, handle: eraseContact),
            Route(method: .get, template: Path.erasures, roles: Self.readers, handle: showErasures),
            Route(method: .post, template: Path.erasurePass, roles: Self.operators, handle: runErasurePass),
            Route(method: .post, template: Path.review, roles: Self.readers, handle: review),
            Route(method: .get, template: Path.catalog, roles: Self.readers, handle: showCatalog),
            Route(method: .get, template: Path.prebuilt, roles: Self.readers, handle: listPrebuilt),
            Route(method: .get, template: Path.prebuiltTemplate, roles: Self.readers, handle: showPrebuilt),
            Route(method: .get, template: Path.integrations, roles: Self.readers, handle: listIntegrations),
            Route(method: .get, template: Path.segments, roles: Self.readers, handle: listSegments),
            Route(method: .post, template: Path.segments, roles: Self.operators, handle: saveSegment),
            Route(method: .get, template: Path.segment, roles: Self.readers, handle: showSegment),
            Route(method: .patch, template: Path.segment, roles: Self.operators, handle: editSegment),
            Route(method: .delete, template: Path.segment, roles: Self.operators, handle: deleteSegment),
            Route(method: .get, template: Path.members, roles: Self.readers, handle: listMembers),
            Route(method: .get, template: Path.explain, roles: Self.readers, handle: explain),
            Route(method: .post, template: Path.sends, roles: Self.operators, handle: send),
            Route(method: .get, template: Path.recipientLists, roles: Self.readers, handle: listRecipientLists),
            Route(method: .get, template: Path.recipientList, roles: Self.readers, handle: showRecipientList),
            Route(method: .get, template: Path.recipients, roles: Self.readers, handle: listRecipients),
            Route(method: .get, template: Path.recipientComparison, roles: Self.readers, handle: compareRecipients),
            Route(method: .get, template: Path.settingsHistory, roles: Self.readers, handle: showSettingsHistory),
            Route(method: .get, template: Path.segmentCatalog, roles: Self.readers, handle: showSegmentCatalog),
            Route(method: .get, template: Path.revisions, roles: Self.readers, handle: listRevisions),
            Route(method: .get, template: Path.revision, roles: Self.readers, handle: showRevision),
            Route(method: .get, template: Path.comparison, roles: Self.readers, handle: compareRevisions),
            Route(method: .post, template: Path.restore, roles: Self.operators, handle: restoreRevision),
            Route(method: .post, template: Path.difference, roles: Self.readers, handle: showDifference),
            Route(method: .post, template: Path.rerun, roles: Self.readers, handle: rerunSegment),
            Route(method: .get, template: Path.metrics, roles: Self.readers, handle: showMetrics),
            Route(method: .post, template: Path.verification, roles: Self.readers, handle: verifyAudience),
            Route(method: .post, template: Path.deletion, roles: Self.operators, handle: deleteSegments),
            Route(method: .get, template: Path.clock, roles: Self.readers, handle: showClock),
            Route(method: .post, template: Path.clockAcceptance, roles: Self.operators, handle: acceptClock),
        ]
    }

    func responder() -> RouterResponder<ControlContext> { responder(for: table) }

    func responder(for table: [Route]) -> RouterResponder<ControlContext> {
        let router = Router(context: ControlContext.self)
        router.add(middleware: MeterMiddleware(meters: meters))
        router.add(middleware: AuditMiddleware(table: table))
        router.add(middleware: ProblemMiddleware(table: table, failures: failures))
        router.add(middleware: AccessMiddleware(access: access))
        for route in table {
            router.on(RouterPath(route.template), method: route.method) { request, context in
                guard route.roles.contains(context.role) else {
                    throw Problem.roleForbids(context.role, needed: route.roles)
                }
                return try await route.handle(request, context)
            }
        }
        return router.buildResponder()
    }

    /// The audience that the path names.
    func audience(_ context: ControlContext) throws -> Audience {
        try directory.audience(try context.pathParameter("audience"))
    }
}

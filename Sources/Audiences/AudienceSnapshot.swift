internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// An audience at one frontier: memberships, contacts and definitions that belong together. What readers look at.
struct AudienceSnapshot: Sendable {
    let engine: EngineSnapshot
    let book: DefinitionBook
    /// For what is pending; its events carry their own instants.
    let log: EventLog
    let provisions: AudienceProvisions

    var frontier: Instant { engine.frontier }

    /// Declared types, and for the other fields those of their first values.
    var knownTypes: [Identifier: FieldType] { book.knownTypes(in: log) }
}

extension DefinitionBook {
    /// Declared types, and for the other fields those of their first values in the log.
    func knownTypes(in log: EventLog) -> [Identifier: FieldType] {
        log.fieldTypes.merging(settings.fieldTypes) { _, declared in declared }
    }
}

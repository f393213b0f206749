internal import EventLog
package import SegmentEngine
package import SegmentModel

// What a simulation looks at to compare it with what must be so. No server calls it.
extension Audience {
    /// Every stored event from that sequence on, each checked against its checksum.
    package func storedEvents(from first: UInt64 = 1) throws(AudienceError) -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        var next = first
        do {
            while case let read = try log.read(from: next, countMax: .max), let last = read.last {
                events += read
                next = last.sequence + 1
            }
        } catch {
            throw AudienceError(error)
        }
        return events
    }

    /// Every stored definition.
    package func storedDefinitions() throws(AudienceError) -> [JSONValue] {
        do {
            return try log.definitions()
        } catch {
            throw AudienceError(error)
        }
    }

    /// From here on changes of membership are kept, until they are taken.
    package func keepChanges() async { await projection.keepChanges() }

    /// The changes since the last call.
    package func takeChanges() async -> [MembershipChange] { await projection.takeChanges() }

    /// Writes what the present view would be into another place.
    package func writeView(to store: ViewStore) async throws { try await projection.writeView(to: store) }
}

extension Projection {
    fileprivate func keepChanges() { engine.keepsChanges = true }

    fileprivate func takeChanges() -> [MembershipChange] { engine.takeChanges() }

    fileprivate func writeView(to store: ViewStore) throws { _ = try engine.draftView().write(to: store) }
}

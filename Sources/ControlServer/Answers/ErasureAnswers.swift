import Audiences
import ControlAPI
import SegmentModel

extension ErasureAnswer {
    init(_ receipt: ErasureReceipt) {
        self.init(
            contact: receipt.contact.text, sequence: receipt.sequence, recordedAt: receipt.recordedAt.description,
            visibleAt: receipt.visibleAt.description, goneBy: receipt.goneBy.description)
    }
}

extension ErasureStatusAnswer {
    init(_ status: AudienceStatus) {
        let erasures = status.erasures
        self.init(
            frontier: status.frontier.description, done: erasures.done, waiting: erasures.waiting,
            pending: erasures.pending, nextPassAt: erasures.nextPassAt?.description,
            goneBy: erasures.goneBy?.description,
            lastPassAt: erasures.lastPassAt?.description, underWay: erasures.isUnderWay, failure: erasures.failure)
    }
}

extension ErasurePassAnswer {
    init(_ pass: ErasurePass, duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(
            frontier: pass.frontier.description, erasures: pass.erasures, events: pass.events,
            recipients: pass.recipients,
            durationSeconds: Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1e3)
    }
}

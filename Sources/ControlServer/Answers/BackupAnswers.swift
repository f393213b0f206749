import Audiences
import ControlAPI
import SegmentModel

extension BackupAnswer {
    init(_ report: BackupReport) {
        self.init(
            path: report.path, at: report.at.description, bytes: report.byteCount,
            audiences: report.audiences.map {
                AudienceBackupAnswer(
                    id: $0.id, lastSequence: $0.lastSequence, definitions: $0.definitions,
                    recipientLists: $0.recipientLists, damagedLists: $0.damagedLists, digest: $0.digest,
                    bytes: $0.byteCount)
            })
    }
}

extension BackupProgressAnswer {
    init(_ progress: BackupProgress) {
        self.init(
            path: progress.path, startedAt: progress.startedAt.description, audience: progress.audience,
            audiencesDone: progress.audiencesDone, audiences: progress.audiences)
    }
}

extension ScrubAnswer {
    init(_ status: ScrubStatus) {
        self.init(
            startedAt: status.startedAt?.description, checkedSequence: status.checkedSequence,
            completedAt: status.completedAt?.description, fault: status.fault, passes: status.passCount,
            faults: status.faultCount)
    }
}

public import Admission
internal import EventLog
internal import SegmentModel

/// What handing events in would do; nothing is stored.
///
/// Batches are taken as if each had been handed in before the next. Memory: some hundred bytes for each event that
/// would be appended, so that whoever rehearses bounds their number.
public struct IngestRehearsal: Sendable {
    private let settings: AudienceSettings
    private var log: LogRehearsal

    fileprivate init(settings: AudienceSettings, log: LogRehearsal) {
        self.settings = settings
        self.log = log
    }

    /// What would become of the batch: the receipt that it would get, without sequences and instants.
    public mutating func ingest(_ batch: AdmittedBatch) throws(AudienceError) -> IngestReceipt {
        var receipt = IngestReceipt()
        do {
            let answer = try log.append(batch.events, declaredTypes: settings.fieldTypes)
            receipt.appended = answer.appended
            receipt.types = answer.types
            receipt.duplicates = answer.duplicates
            receipt.conflicts = answer.conflicts
            receipt.problems = answer.problems
        } catch {
            throw AudienceError(error)
        }
        receipt.problems = (receipt.problems + batch.rejections).sorted { $0.line < $1.line }
        return receipt
    }
}

extension Audience {
    /// Begins a rehearsal of handing events in, under the settings of now.
    public func rehearsal() throws(AudienceError) -> IngestRehearsal {
        do {
            return IngestRehearsal(settings: settings(), log: try log.rehearsal())
        } catch {
            throw AudienceError(error)
        }
    }
}

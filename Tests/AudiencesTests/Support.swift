import Admission
public import Audiences
import SegmentModel
public import TestSupport

extension ManualClock: AudienceClock {}

extension AudienceConfiguration {
    /// Small maps, so that many tests can run side by side.
    static let small = AudienceConfiguration(mapSizeBytes: 64 << 20)
}

extension AdmittedBatch {
    /// The events as lines 1, 2, 3 …
    init(_ events: [Event]) {
        self.init()
        self.events = AdmittedEvents(
            events.enumerated().map { AdmittedEvent(line: $0.offset + 1, event: $0.element) })
        lineCount = events.count
    }
}

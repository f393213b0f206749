import Audiences
import Meters
import SegmentModel

/// All metrics at one moment, as text.
struct MetricsReport {
    let text: String

    /// Every metric there is, in the order of the text.
    static var families: [MetricFamily] { DaemonMetric.all.map(\.family) + AudienceMetric.all.map(\.family) }

    init(daemon: DaemonReading, audiences: [AudienceReading]) {
        var exposition = Exposition()
        for metric in DaemonMetric.all { exposition.add(metric.family, metric.samples(daemon)) }
        for metric in AudienceMetric.all {
            let samples = audiences.flatMap { audience in
                metric.samples(audience).map { MetricSample($0.value, [audience.id] + $0.labels) }
            }
            exposition.add(metric.family, samples)
        }
        text = exposition.text
    }
}

extension ControlRoutes {
    /// The daemon and its audiences at this moment; waits for nobody.
    func daemonReading() -> DaemonReading {
        DaemonReading(
            now: daemon.clock.now(),
            clockHeldSeconds: Double(daemon.trustedClock?.state.aheadMicroseconds ?? 0) / 1_000_000,
            lastBackupAt: directory.lastBackup?.at, audiences: directory.audiences.count, meters: meters,
            process: ProcessFigures(directory: daemon.dataDirectory))
    }

    /// What an audience does and holds; nil for one that is being closed.
    func reading(of audience: Audience) -> AudienceReading? {
        (try? audience.figures()).map {
            AudienceReading(
                id: audience.id, now: daemon.clock.now(), startedAtSeconds: meters.startedAtSeconds, figures: $0)
        }
    }
}

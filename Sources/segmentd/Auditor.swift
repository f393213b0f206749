import Audiences
import ControlServer
import Logging
import ServiceLifecycle

/// Compares some contacts of every audience with the log, again and again: whatever could be wrong with the live state is
/// to be found here before somebody is mailed.
struct Auditor: Service {
    let directory: DataDirectory
    /// Zero: never.
    let interval: Duration
    let failures: StoreFailures
    let logger: Logger

    func run() async throws {
        // Cancelled means that the daemon stops, too; an error would be taken for the end of a service that failed.
        guard interval > .zero else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            // Ends as soon as it is cancelled; a round under way is done first.
            while (try? await Task.sleep(for: interval)) != nil {
                await withCheckedContinuation { done in
                    // Whoever waits for a task lends it its own priority; not so by way of a continuation.
                    Task.detached(priority: .background) {
                        await auditAll()
                        done.resume()
                    }
                }
            }
        }
    }

    private func auditAll() async {
        var random = SystemRandomNumberGenerator()
        for audience in directory.audiences {
            do throws(AudienceError) {
                for report in try await audience.audit(using: &random).reports { log(report, of: audience) }
            } catch {
                logger.warning(
                    "audit failed", metadata: ["audience": "\(audience.id)", "code": "\(error.code.rawValue)"])
                failures.report(error)
            }
        }
    }

    /// Neither the contact's id nor the words of a condition, which may hold an address: they are in the status.
    private func log(_ report: AuditReport, of audience: Audience) {
        var metadata: Logger.Metadata = [
            "audience": "\(audience.id)", "contact": "\(report.digest)", "kind": "\(report.subject.kind)",
            "byLog": "\(report.isTrueByLog)", "frontier": "\(report.frontier)",
        ]
        if case .segment(let label) = report.subject { metadata["segment"] = "\(label.id)" }
        logger.error("the live state differs from the log", metadata: metadata)
    }
}

import SegmentModel

/// A shop to measure with, as it lies in a directory.
struct Workload {
    /// The events before the instant of the measures, NDJSON.
    let eventsPath: String
    /// Later events, NDJSON in batches.
    let batches: [[UInt8]]
    /// Who is in which segment at the instant, if that is known; see `MemberList`.
    let membersPath: String?

    init(_ directory: String) throws {
        eventsPath = directory + "/segmentd.ndjson"
        var batches: [[UInt8]] = []
        while Files.exists(Self.batchPath(directory, batches.count)) {
            batches.append(try InputFile.readAll(Self.batchPath(directory, batches.count)))
        }
        guard !batches.isEmpty else {
            throw BenchFailure("\(Self.batchPath(directory, 0)) is missing.", status: BenchFailure.noInput)
        }
        self.batches = batches
        let members = directory + "/members.txt"
        membersPath = Files.exists(members) ? members : nil
    }

    private static func batchPath(_ directory: String, _ number: Int) -> String {
        "\(directory)/segmentd_batch_\(number).ndjson"
    }
}

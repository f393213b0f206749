import TestSupport

/// One image to be looked at.
struct Candidate: Sendable {
    /// Which recording, and how many of its operations had been done.
    var recording: Int
    var operationCount: Int
    var data: DiskModel.Loss
    var names: DiskModel.Loss
    /// Of what is lost in part.
    var seed: UInt64

    var description: String {
        "recording \(recording + 1) after \(operationCount) operations, losing \(data) of the data and \(names) of the "
            + "names, seed \(seed)"
    }

    /// So many images: of small recordings every point with every kind of loss, if the number allows, and of the long
    /// ones points at random; ordered, so that a recording is gone through once.
    static func choose(_ count: Int, small: Range<Int>, of recordings: [Recording], seed: UInt64) -> [Candidate] {
        var random = SeededGenerator(seed: seed)
        var all: [Candidate] = []
        for recording in small {
            for operations in 0...recordings[recording].operations.count {
                for (data, names) in losses {
                    all.append(
                        Candidate(
                            recording: recording, operationCount: operations, data: data, names: names,
                            seed: random.next()))
                }
            }
        }
        let isWhole = small.count == recordings.count || all.count <= count / 2
        let wanted = isWhole ? min(all.count, count) : count / 2
        var chosen = Array(all.shuffled(using: &random).prefix(wanted))
        while chosen.count < count, small.count < recordings.count {
            let recording = Int.random(in: small.upperBound..<recordings.count, using: &random)
            let (data, names) = random.pick(losses)
            chosen.append(
                Candidate(
                    recording: recording,
                    operationCount: Int.random(in: 0...recordings[recording].operations.count, using: &random),
                    data: data, names: names, seed: random.next()))
        }
        return chosen.sorted { ($0.recording, $0.operationCount) < ($1.recording, $1.operationCount) }
    }

    private static let losses = DiskModel.Loss.allCases.flatMap { data in
        DiskModel.Loss.allCases.map { (data, $0) }
    }
}

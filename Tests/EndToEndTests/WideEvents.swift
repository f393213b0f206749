import ControlAPI
import FoundationEssentials
import TestSupport
import Testing

/// A file of few and wide events, so that an import takes many requests and batches, and little work.
///
/// Each event is of a contact of its own, in the order of their ids; every third is in France.
struct WideEvents {
    let count: Int
    let path: String

    /// Bytes of an event without its padding, about.
    private static let paddingBytes = 20_000

    init(count: Int, in home: DaemonHome, name: String = "wide.ndjson") throws {
        self.count = count
        path = home.path(name)
        let noise = Noise(byteCount: 50 * Self.paddingBytes)
        var text = ""
        for number in 1...count {
            text += Self.line(number, padding: noise.piece(number, byteCount: Self.paddingBytes)) + "\n"
        }
        try home.write(text, to: name)
    }

    /// Letters and digits that hardly compress; pieces beside each other have nothing in common.
    private struct Noise {
        private var bytes: [UInt8] = []

        init(byteCount: Int) {
            let letters = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_".utf8)
            var random = SeededGenerator(seed: 1)
            while bytes.count < byteCount {
                var word = random.next()
                for _ in 0..<10 {
                    bytes.append(letters[Int(word & 63)])
                    word >>= 6
                }
            }
        }

        func piece(_ number: Int, byteCount: Int) -> String {
            let start = number % (bytes.count / byteCount) * byteCount
            return String(decoding: bytes[start..<start + byteCount], as: UTF8.self)
        }
    }

    private static func line(_ number: Int, padding: String) -> String {
        #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(number)","padding":"\#(padding)","#
            + #""data":{"contact":"\#(id(number))","country":"\#(isFrench(number) ? "FR" : "DE")"}}"#
    }

    /// The contact of an event, numbered from 1.
    static func id(_ number: Int) -> String {
        "c" + String(100_000 + number)
    }

    private static func isFrench(_ number: Int) -> Bool { number % 3 == 0 }

    /// Makes the audience and the segments that are looked at afterwards.
    static func prepare(_ daemon: RunningDaemon) async throws {
        let create = ["audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR"]
        _ = try await Program.control.run(
            create + ["--visibility-delay", "PT0S", "--socket", daemon.home.socket]
        ).succeeded()
        for (name, condition) in [("everyone", #"{"not": {"tag": "none"}}"#), ("French", french)] {
            _ = try await daemon.control("segment", "save", "--name", name, "--where", condition).succeeded()
        }
    }

    private static let french = #"{"field": "country", "op": "is", "value": "fr"}"#

    /// Checks that the daemon holds exactly the first events of the file, each once, and has applied them.
    ///
    /// - Returns: how many that are.
    @discardableResult
    static func checkPrefix(_ daemon: RunningDaemon, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> Int
    {
        try await daemon.untilAllIsApplied()
        let standing = try daemon.standing()
        let count = Int(standing.lastSequence)
        #expect(standing.contacts == count, sourceLocation: sourceLocation)
        let everyone = try await daemon.export("everyone").members
        #expect(everyone == (0..<count).map { id($0 + 1) }, sourceLocation: sourceLocation)
        let french = try await daemon.export("French").members
        #expect(french == (0..<count).map { $0 + 1 }.filter(isFrench).map(id), sourceLocation: sourceLocation)
        return count
    }
}

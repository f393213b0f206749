import ArgumentParser
import ControlAPI
import Glibc

/// Small texts that come from a file, standard input or the command line.
enum InputText {
    /// The bytes of a file, of standard input for `-`; a failure if they are more than a request may have.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let source = try InputSource(path: path, isStopped: { false })
        defer { source.close() }
        var bytes: [UInt8] = []
        while true {
            var failure: Failure?
            var outcome = ReadOutcome.end
            let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                do throws(Failure) {
                    outcome = try source.read(into: UnsafeMutableRawBufferPointer(buffer))
                    if case .bytes(let read) = outcome { count = read }
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if outcome == .end { return bytes }
            bytes += piece
            guard bytes.count <= Bounds.jsonBodyBytesMax * 64 else {
                throw Failure("\(source.name) is too long for definitions.", exitCode: .refused)
            }
        }
    }

    /// The value of `--where`: JSON itself, `@FILE`, or `-` for standard input.
    static func condition(_ argument: String) throws(Failure) -> JSONText {
        if argument == "-" { return try JSONText(read("-"), name: "standard input") }
        if argument.hasPrefix("@") {
            let path = String(argument.dropFirst())
            return try JSONText(read(path), name: path)
        }
        return try JSONText(Array(argument.utf8), name: "--where")
    }
}

import Glibc

/// Hands bytes that libFuzzer makes up to one of the readers, and stops at whatever must not be.
///
/// The environment names the target: `SEGMENTD_FUZZ_TARGET`. Arguments are libFuzzer's.
@main
struct Fuzz {
    static func main() {
        let name = getenv("SEGMENTD_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        if name == "seeds", CommandLine.arguments.count == 2 { return writeSeeds(to: CommandLine.arguments[1]) }
        guard let target = targets[name] else {
            say("SEGMENTD_FUZZ_TARGET is one of \(targets.keys.sorted().joined(separator: " "))\n")
            exit(64)
        }
        chosen = target
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { bytes, size in
                Fuzz.chosen(UnsafeRawBufferPointer(start: bytes, count: size))
                return 0
            })
    }

    private static let targets: [String: @Sendable (UnsafeRawBufferPointer) -> Void] = [
        "lines": lines, "batch": batch, "definition": definition, "block": block, "event": event, "query": query,
    ]

    // Set once, before the only thread that reads it goes on.
    nonisolated(unsafe) private static var chosen: @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }

    /// Ends the run with the input kept, for something that is wrong without being a crash.
    static func require(_ isSo: Bool, _ what: StaticString) {
        guard !isSo else { return }
        say("violated: \(what)\n")
        abort()
    }

    private static func say(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// libFuzzer's main loop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

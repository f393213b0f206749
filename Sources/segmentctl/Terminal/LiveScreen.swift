import Glibc
import Synchronization

/// A terminal whose whole screen shows one text that is replaced again and again; it is given back as it was.
final class LiveScreen {
    private let output: Output
    private let takesKeys: Bool

    private static let pollInterval = Duration.milliseconds(50)

    init(output: Output) throws {
        self.output = output
        let before = Self.takeKeys()
        takesKeys = before != nil
        Interrupt.takeTerminal(before: before)
        try output.write("\(Interrupt.screenBeginning)")
    }

    /// Gives the terminal back.
    func close() { Interrupt.giveTerminalBack() }

    /// Whether Ctrl-C or `q` was pressed.
    private(set) var isEndAskedFor = false

    /// Puts the text in the place of the one before, cut to the screen.
    func show(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if let rows = output.rows, lines.count > rows - 1 { lines = lines.prefix(max(rows - 2, 1)) + ["…"] }
        // Each line is cleared behind its end, so that nothing flickers.
        try output.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
    }

    /// Waits, or less if the end is asked for.
    func wait(for duration: Duration) async {
        let end = ContinuousClock.now + duration
        repeat {
            guard await pause() else { return }
        } while ContinuousClock.now < end
    }

    /// What comes of the work; nil if the end is asked for before. Then the work is left to itself: whoever hangs is not
    /// waited for.
    func result<Value: Sendable>(of work: @escaping @Sendable () async -> Value) async -> Value? {
        let result = Later<Value>()
        let task = Task {
            let value = await work()
            result.value.withLock { $0 = value }
        }
        while true {
            if let value = result.value.withLock({ $0 }) { return value }
            guard await pause() else {
                task.cancel()
                return nil
            }
        }
    }

    private final class Later<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// A moment; false if the end is asked for.
    private func pause() async -> Bool {
        if Interrupt.isRequested || isQuitKeyPressed { isEndAskedFor = true }
        guard !isEndAskedFor else { return false }
        return (try? await Task.sleep(for: Self.pollInterval)) != nil
    }

    /// Lets keys come at once and unseen; Ctrl-Z is taken away, as it would leave the screen behind.
    ///
    /// - Returns: how it was; nil if keys come from no terminal.
    private static func takeKeys() -> UnsafeMutablePointer<termios>? {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        // Never freed: a signal may need it at any time.
        let before = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        before.initialize(to: settings)
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { keys in
            keys[Int(VMIN)] = 0
            keys[Int(VTIME)] = 0
            keys[Int(VSUSP)] = 0
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        return before
    }

    private var isQuitKeyPressed: Bool {
        guard takesKeys else { return false }
        var keys = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &keys, keys.count)
        return count > 0 && keys[..<count].contains { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") }
    }
}

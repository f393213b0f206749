import Glibc

/// A terminal whose whole screen shows one text that is replaced again and again; it is given back as it was.
final class LiveScreen {
    private let output: Output
    /// Of the terminal that keys come from; nil if they come from none.
    private var before: termios?

    private static let pollInterval = Duration.milliseconds(50)
    // Another screen and no cursor, and back.
    private static let beginning = "\u{1B}[?1049h\u{1B}[?25l"
    private static let end = "\u{1B}[?25h\u{1B}[?1049l"

    init(output: Output) throws {
        self.output = output
        takeKeys()
        try output.write(Self.beginning)
    }

    /// Gives the terminal back.
    func close() {
        try? output.write(Self.end)
        if var before { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        before = nil
    }

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
            if Interrupt.isRequested || isQuitKeyPressed { isEndAskedFor = true }
            guard !isEndAskedFor, (try? await Task.sleep(for: Self.pollInterval)) != nil else { return }
        } while ContinuousClock.now < end
    }

    /// Lets keys come at once and unseen; Ctrl-Z is taken away, as it would leave the screen behind.
    private func takeKeys() {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        before = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { keys in
            keys[Int(VMIN)] = 0
            keys[Int(VTIME)] = 0
            keys[Int(VSUSP)] = 0
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    private var isQuitKeyPressed: Bool {
        guard before != nil else { return false }
        var keys = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &keys, keys.count)
        return count > 0 && keys[..<count].contains { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") }
    }
}

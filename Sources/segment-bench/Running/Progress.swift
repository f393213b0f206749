import Glibc

/// What is being done, on standard error.
enum Progress {
    static func say(_ text: String) {
        Output.write("segment-bench: \(text)\n", to: STDERR_FILENO)
    }
}

/// Text written whole.
enum Output {
    static func write(_ text: String, to descriptor: CInt = STDOUT_FILENO) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                guard written > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(written, 0))
            }
        }
    }
}

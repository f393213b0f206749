internal import Glibc

/// Memory that is read at random: with pages of 2 MiB the processor finds its way in it, with those of 4 KiB it spends more
/// time looking up pages than reading.
enum LargePages {
    /// Bytes of a large page.
    static let size = 2 << 20

    /// Asks the system for large pages behind the whole ones in `bytes`; it may decline.
    static func prefer(for bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let skipped = -Int(bitPattern: base) & (size - 1)
        let whole = (bytes.count - skipped) & ~(size - 1)
        if whole > 0 { madvise(base + skipped, whole, MADV_HUGEPAGE) }
    }

    /// Memory from the system, zeroed, beginning at a large page if it has room for one.
    static func map(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let slack = byteCount >= size ? size : 0
        let mapped = mmap(nil, byteCount + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { fatalError("the system has no memory left") }
        guard slack > 0 else { return mapped }
        let head = -Int(bitPattern: mapped) & (size - 1)
        if head > 0 { munmap(mapped, head) }
        let start = mapped + head
        if slack > head { munmap(start + byteCount, slack - head) }
        prefer(for: UnsafeMutableRawBufferPointer(start: start, count: byteCount))
        return start
    }

    /// Gives mapped memory back.
    static func unmap(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
        munmap(start, byteCount)
    }
}

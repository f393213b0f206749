/// Why one line was not admitted; the lines around it are not affected.
public struct Rejection: Error, Equatable, Sendable {
    /// Number of the line from 1; of an element of a batch, its index + 1.
    public var line: Int
    /// JSON pointer (RFC 6901) to the offending value within the line, or within the batch; empty: the whole line.
    public var pointer: String
    /// A `RejectionCode`.
    public var code: String
    /// A sentence: what is wrong, the value, what is expected.
    public var message: String
    /// CloudEvents `source` of the line, where it could be read.
    public var source: String?
    /// CloudEvents `id` of the line, where it could be read.
    public var id: String?

    public init(
        line: Int, pointer: String, code: RejectionCode, message: String, source: String? = nil, id: String? = nil
    ) {
        self.line = line
        self.pointer = pointer
        self.code = code.rawValue
        self.message = message
        self.source = source
        self.id = id
    }
}

/// What became of a run of lines.
public struct AdmittedBatch: Equatable, Sendable {
    /// The events of the good lines, in line order.
    public var events = AdmittedEvents()
    /// The bad lines, in line order.
    public var rejections: [Rejection] = []
    /// Lines read, blank ones included.
    public var lineCount = 0

    public init() {}
}

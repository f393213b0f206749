/// What is wrong in an environment's data file: where, as precisely as its pages tell, and why.
public struct FileDamage: Error, Equatable, Sendable {
    /// The file.
    public let path: String
    /// The page concerned; nil if it is the file as a whole.
    public let page: UInt64?
    /// The table whose rows cannot be reached, if that is known.
    public let table: String?
    /// Rows from this key on, and below that one, may be lost; nil: from the first, to the last.
    public let lowerKey: [UInt8]?
    public let upperKey: [UInt8]?
    /// What was found, in words that follow the place.
    public let reason: String
}

extension FileDamage: CustomStringConvertible {
    public var description: String {
        let place = page.map { "page \($0) of " } ?? ""
        let rows = table.map { " (table '\($0)')" } ?? ""
        return "\(place)\(path)\(rows) \(reason)"
    }
}

/// What a walk over an environment's data file found.
public struct FileSummary: Equatable, Sendable {
    /// The number of rows of each table.
    public var tables: [String: Int] = [:]
    /// Pages of the file, and those of them that are in use; the others are free.
    public var pageCount = 0
    public var usedPageCount = 0

    /// Whether the names are what is left of these after one of them was changed: a table is missing and another one
    /// is there that nobody knows.
    public func lacks(oneOf names: [String]) -> Bool {
        let known = Set(names)
        return !known.isSubset(of: tables.keys) && !Set(tables.keys).isSubset(of: known)
    }
}

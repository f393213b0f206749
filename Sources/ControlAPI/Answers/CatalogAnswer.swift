/// The answer to `GET …/catalog`: what the saved segments of an audience share.
public struct CatalogAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var contacts: Int
    public var segments: Int
    /// Elementary conditions of each segment, added up …
    public var leafReferences: Int
    /// … and how many distinct ones they are: each is evaluated and kept once.
    public var leaves: Int
    /// `all` and `any` of each definition, added up …
    public var gateReferences: Int
    /// … and how many distinct combinations they are.
    public var gates: Int
    /// Parts of the distinct combinations.
    public var edges: Int
    /// Memory of the columns that say which condition is true for whom.
    public var columnBytes: Int
    /// The conditions that most segments have, the most used first.
    public var mostUsed: [CatalogLeafAnswer]

    public init(
        frontier: String, contacts: Int, segments: Int, leafReferences: Int, leaves: Int, gateReferences: Int,
        gates: Int, edges: Int, columnBytes: Int, mostUsed: [CatalogLeafAnswer]
    ) {
        self.frontier = frontier
        self.contacts = contacts
        self.segments = segments
        self.leafReferences = leafReferences
        self.leaves = leaves
        self.gateReferences = gateReferences
        self.gates = gates
        self.edges = edges
        self.columnBytes = columnBytes
        self.mostUsed = mostUsed
    }
}

/// An elementary condition as all segments that have it share it.
public struct CatalogLeafAnswer: Codable, Equatable, Sendable {
    public var sentence: String
    /// Saved segments that have it, or its opposite, in their own definition.
    public var segments: Int
    /// Contacts for which it is true.
    public var contacts: Int
    /// Memory of its column.
    public var bytes: Int

    public init(sentence: String, segments: Int, contacts: Int, bytes: Int) {
        self.sentence = sentence
        self.segments = segments
        self.contacts = contacts
        self.bytes = bytes
    }
}

/// The answer to `GET …/segments/{segment}/catalog`: what one segment shares with the others.
public struct SegmentCatalogAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var segment: SegmentName
    /// Its own distinct conditions, in order of appearance; itself is counted among the segments that have them.
    public var leaves: [CatalogLeafAnswer]
    /// The combinations it needs …
    public var gates: Int
    /// … and those of them that no other segment needs.
    public var ownGates: Int
    /// The conditions that deleting the segment would take away, and the memory of their columns; 0 while `referrers`
    /// keep it from being deleted.
    public var freedLeaves: Int
    public var freedBytes: Int
    /// The names of the segments that refer to it.
    public var referrers: [String]

    public init(
        frontier: String, segment: SegmentName, leaves: [CatalogLeafAnswer], gates: Int, ownGates: Int,
        freedLeaves: Int, freedBytes: Int, referrers: [String]
    ) {
        self.frontier = frontier
        self.segment = segment
        self.leaves = leaves
        self.gates = gates
        self.ownGates = ownGates
        self.freedLeaves = freedLeaves
        self.freedBytes = freedBytes
        self.referrers = referrers
    }
}

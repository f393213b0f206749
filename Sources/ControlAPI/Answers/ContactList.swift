/// A page of contacts in byte order of their ids.
public struct ContactList: Codable, Equatable, Sendable {
    public var frontier: String
    /// Contacts that the query selects, on this page and others.
    public var count: Int
    public var contacts: [ContactLine]
    /// Hand it back as `after` for the next page; absent on the last one.
    public var next: String?

    public init(frontier: String, count: Int, contacts: [ContactLine], next: String? = nil) {
        self.frontier = frontier
        self.count = count
        self.contacts = contacts
        self.next = next
    }
}

/// A contact and how to reach it; also one line of a member list streamed as NDJSON.
public struct ContactLine: Codable, Equatable, Sendable {
    public var contact: String
    public var email: String?

    public init(contact: String, email: String? = nil) {
        self.contact = contact
        self.email = email
    }
}

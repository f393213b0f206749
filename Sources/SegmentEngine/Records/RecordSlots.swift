/// What indexes hold of some records: the slot of each contact's id, and of each order.
///
/// Found by any thread for a stretch of records; `RecordFold` puts the stretches together.
struct RecordSlots: Sendable {
    private(set) var contacts: [UInt64] = []
    private(set) var orders: [UInt64] = []

    /// Takes the record of a contact that is there.
    mutating func add(_ record: UnsafeRawBufferPointer, of ordinal: Ordinal) {
        var reader = RecordReader(record)
        contacts.append(ContactIndex.slot(ordinal, id: reader.id))
        while let (store, order) = reader.nextOrderKey() {
            orders.append(HashIndex.slot(hash: RecordFold.orderHash(store: store, order: order), number: ordinal))
        }
    }
}

internal import SegmentModel

/// A contact together with what is needed to tell a newer statement from an older one.
struct ContactState {
    private(set) var contact: Contact
    private var attributeStamps: [AttributeKey: Stamp] = [:]
    private var tagStamps: [String: Stamp] = [:]
    /// The latest statement of all tags: a tag it did not name is gone unless a later statement adds it.
    private var allTagsStamp: Stamp?

    init(_ contact: Contact) {
        self.contact = contact
    }

    mutating func apply(_ change: ContactChange, stamp: Stamp) {
        for attribute in change.attributes where isNewer(stamp, than: attributeStamps[attribute.key]) {
            attributeStamps[attribute.key] = stamp
            contact.attributes[attribute.key] = attribute.value
        }
        switch change.tags {
        case .edit(let added, let removed):
            for tag in added { setTag(tag, isPresent: true, stamp: stamp) }
            for tag in removed { setTag(tag, isPresent: false, stamp: stamp) }
        case .set(let tags):
            setAllTags(tags, stamp: stamp)
        case nil:
            break
        }
    }

    mutating func append(_ kind: Activity.Kind, stamp: Stamp) {
        contact.activities.append(Activity(kind: kind, occurredAt: stamp.occurredAt, sequence: stamp.sequence))
    }

    mutating func apply(_ change: OrderBook.Change.What) {
        switch change {
        case .order(let order):
            let (index, isFound) = position(of: order.key)
            if isFound { contact.orders[index] = order } else { contact.orders.insert(order, at: index) }
        case .orderGone(let key):
            let (index, isFound) = position(of: key)
            if isFound { contact.orders.remove(at: index) }
        case .unlinkedRefund(let refund):
            let index = contact.unlinkedRefunds.firstIndex { $0.sequence > refund.sequence }
            contact.unlinkedRefunds.insert(refund, at: index ?? contact.unlinkedRefunds.endIndex)
        case .unlinkedRefundGone(let sequence):
            contact.unlinkedRefunds.removeAll { $0.sequence == sequence }
        }
    }

    private func isNewer(_ stamp: Stamp, than known: Stamp?) -> Bool {
        known.map { stamp > $0 } ?? true
    }

    private mutating func setTag(_ tag: String, isPresent: Bool, stamp: Stamp) {
        let folded = TextFolding.folded(tag)
        guard isNewer(stamp, than: allTagsStamp) || stamp == allTagsStamp else { return }
        if let known = tagStamps[folded], known > stamp { return }
        tagStamps[folded] = stamp
        contact.tags[folded] = isPresent ? tag : nil
    }

    private mutating func setAllTags(_ tags: [String], stamp: Stamp) {
        guard isNewer(stamp, than: allTagsStamp) else { return }
        allTagsStamp = stamp
        for (folded, known) in tagStamps where known < stamp {
            tagStamps[folded] = nil
            contact.tags[folded] = nil
        }
        for tag in tags { setTag(tag, isPresent: true, stamp: stamp) }
    }

    /// Where the order stands, or would stand, among the contact's orders.
    private func position(of key: OrderKey) -> (index: Int, isFound: Bool) {
        var low = 0
        var high = contact.orders.count
        while low < high {
            let middle = (low + high) / 2
            if contact.orders[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < contact.orders.count && contact.orders[low].key == key)
    }
}

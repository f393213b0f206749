internal import SegmentModel

/// An elementary condition in canonical form: what equal conditions of all segments share.
///
/// Its truth for a contact is `holds(condition) != isInverted`, and that is false for a contact without attributes,
/// orders and activities; conditions on `firstSeenAt`, which every contact has, are the exception and never inverted.
struct Leaf: Sendable {
    /// `.field`, `.tag` or `.activity`, made by `CanonicalForms`.
    var condition: Condition
    /// True if the condition holds for an empty contact.
    var isInverted: Bool
}

extension Leaf: Hashable {
    /// Names are compared by bytes, as they are when conditions are evaluated: `==` of strings equates normal forms.
    static func == (left: Leaf, right: Leaf) -> Bool {
        left.isInverted == right.isInverted && left.condition == right.condition
            && left.condition.hasSameNames(as: right.condition)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(condition)
        hasher.combine(isInverted)
    }
}

extension Condition {
    /// Whether the names in two equal elementary conditions are the same bytes.
    fileprivate func hasSameNames(as other: Condition) -> Bool {
        switch (self, other) {
        case (.field(let left), .field(let right)): left.field.name.hasSameBytes(as: right.field.name)
        case (.activity(let left), .activity(let right)):
            left.activity.text.hasSameBytes(as: right.activity.text)
                && left.filters.elementsEqual(right.filters) { $0.field.path.hasSameBytes(as: $1.field.path) }
        default: true
        }
    }
}

extension ContactField {
    fileprivate var name: String {
        if case .attribute(.custom(let name)) = self { return name }
        return ""
    }
}

extension String {
    /// Equality byte by byte.
    func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    /// The order of the UTF-8 bytes.
    func precedesByBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

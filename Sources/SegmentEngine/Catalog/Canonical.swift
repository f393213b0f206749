internal import SegmentModel

/// What is left of an operator or a condition in canonical form: nothing, or a positive test, possibly negated.
enum Canonical<Test> {
    /// True or false whatever the contact.
    case constant(Bool)
    case test(Test, isNegated: Bool)

    /// A positive test.
    static func positive(_ test: Test) -> Canonical { .test(test, isNegated: false) }

    /// The opposite.
    var negated: Canonical {
        switch self {
        case .constant(let value): .constant(!value)
        case .test(let test, let isNegated): .test(test, isNegated: !isNegated)
        }
    }

    /// The same of another test.
    func map<Other>(_ transform: (Test) -> Other) -> Canonical<Other> {
        switch self {
        case .constant(let value): .constant(value)
        case .test(let test, let isNegated): .test(transform(test), isNegated: isNegated)
        }
    }
}

extension Canonical: Equatable where Test: Equatable {}
extension Canonical: Hashable where Test: Hashable {}
extension Canonical: Sendable where Test: Sendable {}

/// An elementary condition as the catalog knows it.
typealias Literal = Canonical<Leaf>

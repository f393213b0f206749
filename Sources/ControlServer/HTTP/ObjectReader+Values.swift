import ControlAPI
import SegmentModel

extension ObjectReader {
    /// The truth under a key; nil if it is absent.
    func boolean(_ key: String) throws(Problem) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let truth) = value else {
            throw Problem.wrongType(path(to: key), "Expected true or false.")
        }
        return truth
    }

    /// The number under a key, 1 or above; nil if it is absent.
    func ordinal(_ key: String) throws(Problem) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .number(let text) = value, let number = Int(text), number >= 1 else {
            throw Problem.wrongType(path(to: key), "Expected a whole number from 1 on.")
        }
        return number
    }
}

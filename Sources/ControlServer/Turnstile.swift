import ControlAPI
import Synchronization

/// Lets so many in at once and refuses further ones: for requests that hold much memory or time.
final class Turnstile: Sendable {
    private let what: String
    private let countMax: Int
    private let inside = Mutex(0)

    /// - Parameter what: whose number is bounded, in the plural.
    init(_ what: String, countMax: Int) {
        self.what = what
        self.countMax = countMax
    }

    /// Being inside; ends with the last reference to it.
    final class Pass: Sendable {
        private let turnstile: Turnstile

        fileprivate init(_ turnstile: Turnstile) {
            self.turnstile = turnstile
        }

        deinit {
            turnstile.inside.withLock { $0 -= 1 }
        }
    }

    /// Goes in, or says that there is no room.
    func enter() throws(Problem) -> Pass {
        let hasRoom = inside.withLock { inside in
            guard inside < countMax else { return false }
            inside += 1
            return true
        }
        guard hasRoom else { throw Problem.busy(what, countMax: countMax) }
        return Pass(self)
    }
}

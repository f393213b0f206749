import SegmentModel

extension JSONTokens {
    /// JSON pointer to the value or key at `target`. Found by walking down to it: only errors need pointers.
    func pointer(to target: Int) -> String {
        var pointer = ""
        var container = JSONTokens.root
        while container < target {
            guard let step = step(from: container, towards: target) else { return pointer }
            pointer += "/" + step.reference
            container = step.index
        }
        return pointer
    }

    /// The child of a container that is, or holds, the target.
    private func step(from container: Int, towards target: Int) -> (index: Int, reference: String)? {
        let isObject = self[container].kind == .object
        var child = container + 1
        var position = 0
        while child < next(after: container) {
            let value = isObject ? child + 1 : child
            if target < next(after: value) {
                let reference = isObject ? JSONPointer.escaped(self[child].string) : String(position)
                return (value, reference)
            }
            child = next(after: value)
            position += 1
        }
        return nil
    }
}

import Admission
import ControlAPI
import SegmentModel

@testable import QueryParameters

extension Fuzz {
    /// Definitions: the canonical form is read back as the same condition, and is its own canonical form.
    @Sendable static func definition(_ bytes: UnsafeRawBufferPointer) {
        guard let value = try? JSONDocument.parse(bytes) else { return }
        guard let same = try? JSONDocument.parse(value.text) else { return require(false, "JSON is not read back") }
        require(same == value, "JSON changes when it is written")
        guard let condition = try? Condition(parsing: value) else { return }
        require(condition.conditionCount <= ConditionLimits.conditionCountMax, "a definition outgrows its bound")
        require(condition.depth <= ConditionLimits.depthMax, "a definition is deeper than its bound")
        guard let again = try? Condition(parsing: condition.json) else {
            return require(false, "the canonical form is refused")
        }
        require(again == condition, "the canonical form is another condition")
        require(again.json == condition.json, "the canonical form is not its own")
    }

    /// The part of a request behind the `?`, with the places where pages go on.
    @Sendable static func query(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let parameters = try? QueryParameters(text, allowed: ["after", "limit", "segmentsAfter", "dryRun"]) else {
            return
        }
        if let limit = try? parameters.limit() { require((1...Bounds.pageMax).contains(limit), "a page is too long") }
        _ = try? parameters.flag("dryRun")
        for name in ["after", "segmentsAfter"] {
            guard let value = parameters.text(name) else { continue }
            let again = try? QueryParameters("after=" + Routes.percentEncoded(value), allowed: ["after"])
            require(
                again?.text("after").map { Identifier($0) } == Identifier(value), "a place does not come back as it was"
            )
        }
    }
}

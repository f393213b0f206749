package import SegmentModel

extension Condition {
    /// The same condition with every segment reference replaced.
    package func mappingSegments(_ replacement: (String) -> String) -> Condition {
        switch self {
        case .all(let children): .all(children.map { $0.mappingSegments(replacement) })
        case .any(let children): .any(children.map { $0.mappingSegments(replacement) })
        case .not(let child): .not(child.mappingSegments(replacement))
        case .segment(let reference): .segment(replacement(reference))
        case .field, .tag, .activity: self
        }
    }
}

extension JSONValue {
    /// Where a definition names the segment, as a pointer relative to the definition.
    func pointer(toSegment reference: String) -> String? {
        if self["segment"]?.stringValue == reference { return "/segment" }
        if let inner = self["not"]?.pointer(toSegment: reference) { return "/not" + inner }
        for key in ["all", "any"] {
            for (index, element) in (self[key]?.arrayValue ?? []).enumerated() {
                if let inner = element.pointer(toSegment: reference) { return "/\(key)/\(index)" + inner }
            }
        }
        return nil
    }
}

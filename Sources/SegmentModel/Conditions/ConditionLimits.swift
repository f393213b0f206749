/// The bounds that every definition keeps. Plans may set lower ones.
public enum ConditionLimits {
    /// Levels of nodes, counted as `Condition.depth` counts them.
    public static let depthMax = 64
    /// Elementary conditions in one definition.
    public static let conditionCountMax = 1_000
    /// Elements of one list: of an operand (`in`, `not_in`, `contains_all`) or a gate.
    public static let listCountMax = 10_000
    /// UTF-8 bytes of one text operand, name or reference.
    public static let textBytesMax = 4_096
    /// Filters in one `where`.
    public static let filterCountMax = 100
}

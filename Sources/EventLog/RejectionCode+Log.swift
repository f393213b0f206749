public import Admission

extension RejectionCode {
    /// Its (source, id) is in the log with other content.
    public static let conflict = RejectionCode(rawValue: "conflict")
    /// Its value has another type than the custom field's.
    public static let fieldType = RejectionCode(rawValue: "field_type")
}

import ControlAPI

extension Problem {
    /// As the server has it, whose other files need its whole machinery.
    static func badParameter(_ detail: String) -> Problem {
        Problem(code: .badParameter, status: 400, title: "Bad parameter", detail: detail)
    }
}

import ArgumentParser
import ControlAPI

/// `--set NAME=VALUE`: a parameter of a template.
struct ParameterAssignment: ExpressibleByArgument, Equatable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
        guard !value.isEmpty else { return nil }
    }
}

/// Parameters of a template, as options.
struct ParameterOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A parameter of the prebuilt segment it is made of; repeat it for more.", valueName: "name=value"))
    var assignments: [ParameterAssignment] = []

    /// The parameters as JSON; nil if none is given. What is no number goes as a text, for the daemon to refuse.
    func json() throws -> JSONText? {
        guard !assignments.isEmpty else { return nil }
        return try .object(
            assignments.map { assignment in
                let number = try? JSONText(Array(assignment.value.utf8), name: assignment.name)
                let isNumber = assignment.value.utf8.first.map { (48...57).contains($0) || $0 == 45 } ?? false
                return (assignment.name, try isNumber ? number ?? .string(assignment.value) : .string(assignment.value))
            })
    }
}

import ArgumentParser

/// What `segmentctl help conditions` shows; the command itself prints the same without the frame of a help.
struct ConditionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conditions",
        abstract: "Print what conditions can say: forms, fields, operators, windows, measures, filters.",
        usage: "",
        discussion: ConditionsText.text)

    func run() throws {
        try Output.standard.write(ConditionsText.text)
    }
}

import ArgumentParser
import ControlAPI
import ControlClient

extension AudienceCommand {
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every change of an audience's settings, the oldest first.",
            discussion: """
                Each change is a definition in the log and counts from its instant on, in replays too.

                  segmentctl audience history shop
                """)

        @OptionGroup var connection: ConnectionOptions

        @Argument(completion: .custom(NameCompletion.audiences))
        var id: String

        func run() async throws {
            try await connection.show(.settingsHistory(of: id)) {
                AudienceCommand.text($0, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    /// A row for each setting; the instant stands on the first of its change.
    static func text(_ history: SettingsHistoryAnswer, width: Int?, style: Style) -> String {
        var table = Table([
            .text("CHANGED"), .text("SETTING", shrinks: true), .text("FROM", shrinks: true), .text("TO", shrinks: true),
        ])
        for change in history.changes {
            for (index, setting) in change.settings.enumerated() {
                table.add([
                    index == 0 ? change.at : "", setting.setting, setting.before ?? "–", setting.after ?? "–",
                ])
            }
        }
        return table.text(width: width, style: style)
    }
}

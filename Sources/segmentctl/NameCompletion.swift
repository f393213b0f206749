import ControlAPI
import ControlClient

/// Names for the shell to complete, asked from the daemon; nothing if it does not answer at once.
enum NameCompletion {
    private static let timeouts = ControlTimeouts(connect: .milliseconds(300), silence: .seconds(1))

    /// Ids of audiences.
    @Sendable
    static func audiences(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        let answer = try? await client(words).answer(to: .audiences)
        return answer?.audiences.map(\.id) ?? []
    }

    /// Segments by name where the name is one word, else by id.
    @Sendable
    static func segments(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        let client = client(words)
        guard let audience = await audience(words, client),
            let answer = try? await client.answer(to: .segments(of: audience))
        else { return [] }
        return answer.segments.map { isOneWord($0.name) ? $0.name : $0.id }
    }

    /// Names of prebuilt segments.
    @Sendable
    static func prebuilt(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        let client = client(words)
        guard let audience = await audience(words, client) else { return [] }
        let answer = try? await client.answer(to: .prebuilt(of: audience))
        return answer?.prebuilt.map(\.name) ?? []
    }

    /// Campaigns that have a recipient list, the newest first.
    @Sendable
    static func campaigns(_ words: [String], _ index: Int, _ prefix: String) async -> [String] {
        let client = client(words)
        guard let audience = await audience(words, client),
            let answer = try? await client.answer(to: .recipientLists(of: audience))
        else { return [] }
        return answer.lists.map(\.campaign).filter(isOneWord)
    }

    private static func client(_ words: [String]) -> ControlClient {
        ControlClient(socketPath: SocketPath.choose(explicit: value(of: "--socket", in: words)), timeouts: timeouts)
    }

    private static func audience(_ words: [String], _ client: ControlClient) async -> String? {
        if let named = value(of: "--audience", in: words) { return named }
        if let named = SocketPath.environmentValue(AudienceOptions.environmentKey), !named.isEmpty { return named }
        let answer = try? await client.answer(to: .audiences)
        return answer.flatMap { $0.audiences.count == 1 ? $0.audiences.first?.id : nil }
    }

    /// What follows an option among the words typed so far, or stands behind its `=`.
    static func value(of option: String, in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.utf8.count + 1)) }
        }
        return nil
    }

    private static func isOneWord(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}

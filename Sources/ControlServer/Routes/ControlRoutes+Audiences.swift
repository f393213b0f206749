import Audiences
import ControlAPI
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `GET /v1/audiences`
    func listAudiences(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        var answers: [AudienceAnswer] = []
        for audience in directory.audiences { answers.append(await answer(audience)) }
        return try .json(AudienceList(audiences: answers.sorted { $0.id < $1.id }))
    }

    /// `POST /v1/audiences`
    func createAudience(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let body = try await request.jsonBody()
        let keys = try ObjectReader(body, known: ["id"] + AudienceSettings.keys)
        let id = try keys.requiredText("id")
        var settings = AudienceSettings(
            name: try keys.requiredText("name"), timezone: try keys.requiredText("timezone"),
            currency: try keys.requiredText("currency"))
        try settings.change(keys)
        let audience = try await directory.create(id: id, settings: settings)
        context.logger.notice("audience created", metadata: ["audience": "\(id)"])
        return try .json(await answer(audience), status: .created, location: Routes.audience(id))
    }

    /// `GET /v1/audiences/{audience}`
    func showAudience(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(await answer(audience(context)))
    }

    /// `PATCH /v1/audiences/{audience}`
    func changeAudience(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let keys = try ObjectReader(try await request.jsonBody(), known: AudienceSettings.keys)
        var settings = audience.settings()
        try settings.change(keys)
        try await audience.change(settings)
        context.logger.notice("audience changed", metadata: ["audience": "\(audience.id)"])
        return try .json(await answer(audience))
    }

    private func answer(_ audience: Audience) async -> AudienceAnswer {
        AudienceAnswer(audience, await audience.status())
    }
}

extension AudienceSettings {
    /// The keys of settings in requests.
    fileprivate static let keys = [
        "name", "timezone", "currency", "plan", "visibilityDelay", "countedStatuses", "fields",
    ]

    /// Takes over the keys that are there.
    fileprivate mutating func change(_ keys: ObjectReader) throws(Problem) {
        name = try keys.text("name") ?? name
        timezone = try keys.text("timezone") ?? timezone
        currency = try keys.text("currency") ?? currency
        if let text = try keys.text("plan") {
            plan = try Self.word(text, at: keys.path(to: "plan"))
        }
        if let text = try keys.text("visibilityDelay") {
            visibilityDelayMicroseconds = try Self.delay(text, at: keys.path(to: "visibilityDelay"))
        }
        if let texts = try keys.texts("countedStatuses") {
            countedStatuses = []
            for (index, text) in texts.enumerated() {
                countedStatuses.insert(try Self.word(text, at: keys.path(to: "countedStatuses") + "/\(index)"))
            }
        }
        for field in try keys.members("fields") ?? [] {
            fieldTypes[Identifier(field.key)] = try Self.fieldType(field.value, at: field.pointer)
        }
    }

    /// A declaration; `null` takes it back.
    private static func fieldType(_ value: JSONValue, at pointer: String) throws(Problem) -> FieldType? {
        switch value {
        case .null: return nil
        case .string(let text): return try word(text, at: pointer)
        default: throw Problem.wrongType(pointer, "Expected the name of a type in quotes, or null.")
        }
    }

    private static func word<Word>(_ text: String, at pointer: String) throws(Problem) -> Word
    where Word: RawRepresentable & CaseIterable, Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.badValue(pointer, "“\(text)” is not one of \(known).")
        }
        return word
    }

    /// Nothing at all is a delay too, though `Period` calls it no period.
    private static func delay(_ text: String, at pointer: String) throws(Problem) -> Int64 {
        if ["PT0S", "PT0M", "PT0H"].contains(text) { return 0 }
        let period: Period
        do throws(ValueError) {
            period = try Period(iso8601: text)
        } catch {
            throw Problem.badValue(pointer, error.message)
        }
        guard period.years == 0, period.months == 0 else {
            throw Problem.badValue(pointer, "A visibility delay is counted in weeks, days, hours, minutes and seconds.")
        }
        return Int64(period.weeks * 7 + period.days) * 86_400_000_000 + period.exactMicroseconds
    }
}

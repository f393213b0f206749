/// The keys of windows, of which each window has one.
package enum WindowKey: String, CaseIterable {
    case last, next, notLast, after, before, between, on
}

/// What a window is applied to, which decides the windows that make sense.
enum WindowUse {
    /// When something happened: never in the future.
    case activity
    /// A field with a time of day.
    case instant
    /// A field without one.
    case day
}

extension DefinitionNode {
    func window(_ use: WindowUse) throws(DefinitionError) -> Window {
        let (key, operand) = try windowMember(allowed: WindowKey.allCases)
        switch key {
        case .last: return .last(try operand.period(use))
        case .notLast: return .notLast(try operand.period(use))
        case .next:
            guard use != .activity else {
                throw operand.error(
                    .invalidWindow,
                    "\"next\" is for dates that may lie ahead; what a contact did lies in the past: use \"last\".")
            }
            return .next(try operand.period(use))
        case .after: return .after(try operand.dateBound())
        case .before: return .before(try operand.dateBound())
        case .between: return try operand.betweenDates()
        case .on: return .on(try operand.day())
        }
    }

    func birthdayWindow() throws(DefinitionError) -> BirthdayWindow {
        let (key, operand) = try windowMember(allowed: [.last, .next])
        let period = try operand.period(.day)
        return key == .last ? .last(period) : .next(period)
    }

    /// The one key of a window object, with its value.
    private func windowMember(allowed: [WindowKey]) throws(DefinitionError) -> (WindowKey, DefinitionNode) {
        let object = try object("a window such as {\"last\": \"P30D\"}")
        let names = allowed.map(\.rawValue)
        try object.allowOnly(names, in: "The window")
        guard let name = object.keys.first, let key = WindowKey(rawValue: name), let operand = object.member(name)
        else {
            throw error(.missingKey, "The window is empty; it has one of the keys \(quotedList(names)).")
        }
        guard object.keys.count == 1 else {
            throw error(.severalForms, "A window has one key, this one has several: \(quotedList(object.keys)).")
        }
        return (key, operand)
    }

    private func period(_ use: WindowUse) throws(DefinitionError) -> Period {
        let text = try text("a period such as \"P30D\"")
        let period = try parsed { () throws(ValueError) in try Period(iso8601: text) }
        guard use != .day || period.isCalendarOnly else {
            throw error(
                .invalidWindow,
                "\(shown) has hours, minutes or seconds, but the field has days only; use days, weeks, months or years."
            )
        }
        return period
    }

    func day() throws(DefinitionError) -> LocalDate {
        let text = try text("a day such as \"2026-01-31\"")
        return try parsed { () throws(ValueError) in try LocalDate(iso: text) }
    }

    /// A day, or an instant if there is a time of day.
    func dateBound() throws(DefinitionError) -> DateBound {
        let text = try text("a day such as \"2026-01-31\" or an instant such as \"2026-01-31T09:30:00Z\"")
        let dayBytes = 10
        guard text.utf8.count > dayBytes else { return .day(try day()) }
        return .instant(try parsed { () throws(ValueError) in try Instant(rfc3339: text) })
    }

    func betweenDates() throws(DefinitionError) -> Window {
        let (first, second) = try pair("two dates [first, last]")
        let (low, high) = (try first.dateBound(), try second.dateBound())
        guard !low.isPlainlyAfter(high) else {
            throw error(
                .invalidValue, "\(first.shown) is after \(second.shown), so nothing lies between them; swap them.")
        }
        return .between(low, high)
    }
}

extension DateBound {
    /// True if it is after the other in every time zone. A day and an instant are left to evaluation.
    fileprivate func isPlainlyAfter(_ other: DateBound) -> Bool {
        switch (self, other) {
        case (.day(let left), .day(let right)): left > right
        case (.instant(let left), .instant(let right)): left > right
        default: false
        }
    }
}

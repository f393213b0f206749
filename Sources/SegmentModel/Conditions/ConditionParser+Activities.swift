extension ConditionParser {
    func activityCondition(_ object: DefinitionObject) throws(DefinitionError) -> ActivityCondition {
        let form = "The form \"activity\""
        try object.allowOnly(["activity", "where", "within", "measure", "op", "value"], in: form)
        let activity = try activityName(object.required("activity", of: form))
        let measure = try measure(object, of: activity)
        if measure == .netTotal { try refuseNarrowing(object) }
        let filters = try filters(object, of: activity)
        if measure.isSumOfMoney { try requireOneCurrency(filters, object) }
        return ActivityCondition(
            activity: activity, filters: filters, window: try object.member("within")?.window(.activity),
            measure: measure, test: try measureTest(object, measure))
    }

    private func activityName(_ node: DefinitionNode) throws(DefinitionError) -> ActivityName {
        let text = try node.text("the name of an activity")
        if text == ActivityName.order.text { return .order }
        if let kind = CampaignActivityKind(rawValue: text) { return .campaign(kind) }
        let prefix = ActivityName.recordedPrefix
        if text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count {
            return .recorded(String(text.dropFirst(prefix.count)))
        }
        let names = ["order"] + CampaignActivityKind.allCases.map(\.rawValue)
        throw node.error(
            .unknownActivity,
            "There is no activity \"\(text)\"; activities are \(quotedList(names)), and \"activity:NAME\" for recorded "
                + "ones.\(didYouMean(text, among: names))")
    }

    private func measure(_ object: DefinitionObject, of activity: ActivityName) throws(DefinitionError) -> Measure {
        guard let node = object.member("measure") else { return .count }
        let text = try node.text("the name of a measure")
        let names = Measure.allCases.filter { activity == .order || $0.isForEveryActivity }.map(\.rawValue)
        guard names.contains(text), let measure = Measure(rawValue: text) else {
            throw node.error(
                .unknownMeasure,
                "\"\(activity.text)\" has no measure \"\(text)\"; its measures are \(quotedList(names))."
                    + didYouMean(text, among: names))
        }
        return measure
    }

    private func measureTest(_ object: DefinitionObject, _ measure: Measure) throws(DefinitionError) -> MeasureTest {
        guard !measure.isInstant else {
            let operand = try OperandParser(object, of: "The measure \"\(measure.rawValue)\"")
            return .instant(try operand.dateTest(.activity))
        }
        let operand = try OperandParser(
            object, of: "The form \"activity\"", operatorByDefault: .atLeast, valueByDefault: 1)
        return .number(try operand.numberTest())
    }

    /// `netTotal` is over everything: a refund that names no order matches no filter and no window.
    private func refuseNarrowing(_ object: DefinitionObject) throws(DefinitionError) {
        for key in ["where", "within"] {
            guard let node = object.member(key) else { continue }
            throw node.error(
                .unexpectedKey,
                "\"netTotal\" is taken over all orders and refunds and has no \"\(key)\"; use \"total\" to narrow it.")
        }
    }

    /// Amounts of different currencies are never added.
    private func requireOneCurrency(_ filters: [ActivityFilter], _ object: DefinitionObject) throws(DefinitionError) {
        let tests = filters.filter { $0.field == .order(.currency) }.map(\.test)
        guard !tests.isEmpty, !tests.contains(where: \.isOneText) else { return }
        throw DefinitionError(
            path: object.path + "/where", code: .severalCurrencies,
            message: "Amounts of several currencies cannot be added; filter \"currency\" with \"is\" and one currency.")
    }
}

// Filters.
extension ConditionParser {
    private func filters(_ object: DefinitionObject, of activity: ActivityName) throws(DefinitionError)
        -> [ActivityFilter]
    {
        // An empty list filters nothing, as no list does.
        guard let node = object.member("where"), node.value != .array([]) else { return [] }
        var filters: [ActivityFilter] = []
        for element in try node.list("a list of filters", countMax: ConditionLimits.filterCountMax) {
            filters.append(try filter(element, of: activity))
        }
        return filters
    }

    private func filter(_ node: DefinitionNode, of activity: ActivityName) throws(DefinitionError) -> ActivityFilter {
        let form = "A filter"
        let object = try node.object("a filter such as {\"field\": \"vendor\", \"op\": \"is\", \"value\": \"Acme\"}")
        try object.allowOnly(["field", "op", "value"], in: form)
        let field = try filterField(object.required("field", of: form), of: activity)
        let operand = try OperandParser(object, of: form)
        return ActivityFilter(field: field, test: try filterTest(operand, field: field))
    }

    private func filterTest(_ operand: OperandParser, field: FilterField) throws(DefinitionError) -> FilterTest {
        switch field {
        case .order(.amount), .line(.quantity), .line(.price): return .number(try operand.numberTest())
        case .order(.status):
            try operand.checkNames(OrderStatus.allCases.map(\.rawValue))
            return .text(try operand.textTest())
        case .order, .line, .campaign: return .text(try operand.textTest())
        case .property: return try propertyTest(operand)
        }
    }

    /// A property is text, number or boolean, whatever the operand is.
    private func propertyTest(_ operand: OperandParser) throws(DefinitionError) -> FilterTest {
        switch try operand.guessedType() {
        case .blank(let test): return .untyped(test)
        case .type(.number): return .number(try operand.numberTest())
        case .type(.boolean): return .boolean(try operand.booleanTest())
        default: return .text(try operand.textTest())
        }
    }

    private func filterField(_ node: DefinitionNode, of activity: ActivityName) throws(DefinitionError)
        -> FilterField
    {
        let name = try node.text("the name of what to filter by")
        let names: [String]
        switch activity {
        case .recorded: return .property(name)
        case .campaign:
            if let field = CampaignField(rawValue: name) { return .campaign(field) }
            names = CampaignField.allCases.map(\.rawValue)
        case .order:
            if let field = OrderField(rawValue: name) { return .order(field) }
            if let field = LineField(rawValue: name) { return .line(field) }
            names = OrderField.allCases.map(\.rawValue) + LineField.allCases.map(\.rawValue)
        }
        throw node.error(
            .unknownField,
            "\"\(activity.text)\" cannot be filtered by \"\(name)\"; its filters are \(quotedList(names))."
                + didYouMean(name, among: names))
    }
}

extension FilterTest {
    /// True if exactly one text passes.
    var isOneText: Bool {
        switch self {
        case .text(.is): true
        case .text(.in(let operands)): Set(operands.map(\.folded)).count == 1
        default: false
        }
    }
}

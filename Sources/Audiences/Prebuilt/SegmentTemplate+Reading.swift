internal import SegmentModel

extension SegmentTemplate {
    /// Reads every `*.json` of a directory, in the order of names; one that makes no sense is an error that names file
    /// and place.
    public static func read(directory: String) throws(AudienceError) -> [SegmentTemplate] {
        var templates: [SegmentTemplate] = []
        for name in try Directories.names(in: directory) where name.hasSuffix(".json") {
            let file = directory + "/" + name
            let template = try SegmentTemplate(json: ConfigurationObject.document(file), file: file)
            guard !templates.contains(where: { $0.name == template.name }) else {
                throw AudienceError(.invalidSetting, "\(file): there is a template “\(template.name)” already.")
            }
            guard templates.count < countMax else {
                throw AudienceError(.invalidSetting, "\(directory) has more than \(countMax) templates.")
            }
            templates.append(template)
        }
        return templates
    }

    /// Every audience has a segment of each.
    private static let countMax = 100

    /// Reads a template and tries it with its defaults and its bounds.
    init(json: JSONValue, file: String) throws(AudienceError) {
        let object = try ConfigurationObject(
            json, keys: ["name", "version", "title", "description", "parameters", "where", "fit"], file: file)
        name = try object.text("name")
        version = try object.count("version")
        title = try object.text("title")
        description = try object.text("description")
        parameters = try Self.parameters(object)
        definition = try object.required("where")
        fit = object.optional("fit")
        try checkName(object)
        try checkPlaces(object)
        try tryOut(object)
    }

    private static func parameters(_ object: ConfigurationObject) throws(AudienceError) -> [TemplateParameter] {
        guard let list = object.optional("parameters") else { return [] }
        guard let elements = list.arrayValue else { throw object.fault("expected a list", at: "parameters") }
        var parameters: [TemplateParameter] = []
        for (index, element) in elements.enumerated() {
            let member = try ConfigurationObject(
                element, keys: ["name", "type", "default", "minimum", "maximum", "meaning"], file: object.file,
                pointer: object.path("parameters") + "/\(index)")
            let parameter = try TemplateParameter(member)
            guard !parameters.contains(where: { $0.name == parameter.name }) else {
                throw member.fault("there is a parameter “\(parameter.name)” already", at: "name")
            }
            parameters.append(parameter)
        }
        return parameters
    }

    private func checkName(_ object: ConfigurationObject) throws(AudienceError) {
        let isWord = name.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isWord, name.utf8.count <= Self.nameBytesMax, name.utf8.first.map({ $0 >= 97 }) == true,
            name.contains("-") || !name.hasPrefix("s")
        else {
            throw object.fault(
                "a template's name has at most \(Self.nameBytesMax) of a-z, 0-9 and -, and begins with a letter",
                at: "name")
        }
    }

    private static let nameBytesMax = 63

    /// Every place names a parameter, every parameter has a place, and fitted values are those of the fit.
    private func checkPlaces(_ object: ConfigurationObject) throws(AudienceError) {
        let parts: [(key: String, value: JSONValue)] = [
            ("where", definition), ("fit", fit ?? .null), ("description", .string(description)),
        ]
        let known = parameters.map(\.name)
        var used: Set<String> = []
        for part in parts {
            let names = part.value.places("parameter") + part.value.namesInTexts
            if let stranger = names.first(where: { !known.contains($0) }) {
                throw object.fault("there is no parameter “\(stranger)”", at: part.key)
            }
            if part.key != "description" { used.formUnion(names) }
        }
        if let idle = known.first(where: { !used.contains($0) }) {
            throw object.fault("the parameter “\(idle)” has no place in “where”", at: "parameters")
        }
        let fitted = fit == nil ? [] : FitModel.valueNames
        if let stranger = definition.places("fit").first(where: { !fitted.contains($0) }) {
            throw object.fault("nothing gives the fitted value “\(stranger)”", at: "where")
        }
        if fit != nil, definition.places("fit").isEmpty {
            throw object.fault("what is fitted has no place in “where”", at: "fit")
        }
    }

    /// The definition must have a meaning with the defaults, and at either end of every parameter.
    private func tryOut(_ object: ConfigurationObject) throws(AudienceError) {
        try tryOut(object, [:])
        for parameter in parameters {
            try tryOut(object, [parameter.name: parameter.minimum])
            try tryOut(object, [parameter.name: parameter.maximum])
        }
    }

    private func tryOut(_ object: ConfigurationObject, _ values: [String: Number]) throws(AudienceError) {
        let with = values.map { " with \($0.key) = \($0.value)" }.joined()
        let filled = filled(values, isPrebuilt: true)
        guard fit == nil || filled.fit != nil else {
            throw object.fault("this fit is not known\(with)", at: "fit")
        }
        let fitted = Dictionary(FitModel.valueNames.map { ($0, Number(1)) }, uniquingKeysWith: { $1 })
        do throws(DefinitionError) {
            let condition = try Condition(parsing: filled.definition.filled(withFit: fitted) ?? filled.definition)
            guard condition.segmentReferences.isEmpty else {
                throw DefinitionError(path: "", code: .invalidValue, message: "A template refers to no other segment.")
            }
        } catch {
            throw AudienceError(
                .invalidSetting, "\(object.file): at \(object.path("where"))\(error.path)\(with): \(error.message)")
        }
    }
}

extension TemplateParameter {
    fileprivate init(_ object: ConfigurationObject) throws(AudienceError) {
        name = try object.text("name")
        let type = try object.text("type")
        guard let kind = Kind(rawValue: type) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
            throw object.fault("“\(type)” is no type of a parameter; expected \(known)", at: "type")
        }
        self.kind = kind
        defaultValue = try object.number("default")
        minimum = try object.number("minimum")
        maximum = try object.number("maximum")
        meaning = try object.text("meaning")
        guard minimum <= maximum else { throw object.fault("the minimum is above the maximum", at: "minimum") }
        for (key, value) in [("default", defaultValue), ("minimum", minimum), ("maximum", maximum)] {
            guard allows(value) else {
                throw object.fault("\(value) is not of type \(kind.rawValue) from \(minimum) to \(maximum)", at: key)
            }
        }
    }
}

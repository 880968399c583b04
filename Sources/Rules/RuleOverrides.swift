package import Campus
package import Definitions

/// What the configuration says of rules: `rules: {disable: [{id, reason, until}], set: {id: {parameter: value}}}`.
package struct RuleOverrides: Sendable {
    struct Setting {
        var name: String
        var value: ColumnValue
        var place: Element
    }

    var disable: [(id: String, disabled: Rule.Disabled, place: Element)] = []
    var set: [(id: String, settings: [Setting], place: Element)] = []

    package init() {}

    /// Reads the `rules` mapping; `dayEnd` says when a day ends at the site, for `until` includes its day.
    package init(_ reader: Reader, dayEnd: (CivilDate) -> Timestamp) {
        for element in reader.list("disable") { readDisable(Reader(element, reader.problems), dayEnd) }
        if let rules = reader.mapping("set") {
            for id in rules.names {
                let settings = rules.scalars(id).map {
                    Setting(name: $0.name, value: ColumnValue(scalar: $0.text, quoted: $0.quoted), place: $0.element)
                }
                set.append((id, settings, rules.element(id) ?? rules.element))
            }
        }
        reader.finish()
    }

    private mutating func readDisable(_ reader: Reader, _ dayEnd: (CivilDate) -> Timestamp) {
        let id = reader.requiredString("id")
        let reason = reader.requiredString("reason")
        let until = reader.string("until")
        reader.finish()
        let date = until.flatMap { CivilDate($0) }
        if until != nil, date == nil {
            reader.complain(reader.element("until") ?? reader.element, "`until` is no day", "write e.g. 2026-12-31")
        }
        guard let id, let reason else { return }
        disable.append((id, Rule.Disabled(reason: reason, until: date.map(dayEnd)), reader.element))
    }

    /// Applies every override, telling of rules and parameters that do not exist.
    func apply(to rules: inout [String: Rule], problems: Problems) {
        let ids = rules.keys.sorted()
        for (id, disabled, place) in disable {
            if rules[id] == nil { problems.add(place.problem("no rule is called `\(id)`", remedy: suggestion(id, among: ids))) }
            rules[id]?.disabled = disabled
        }
        for (id, settings, place) in set {
            guard var rule = rules[id] else {
                problems.add(place.problem("no rule is called `\(id)`", remedy: suggestion(id, among: ids)))
                continue
            }
            for setting in settings { Self.apply(setting, to: &rule, problems) }
            rules[id] = rule
        }
    }

    private static func apply(_ setting: Setting, to rule: inout Rule, _ problems: Problems) {
        let name = setting.name
        let old = rule.detector?.settings[name] ?? rule.parameters[name]
        guard let old else {
            let names = Set(rule.parameters.keys).union(rule.detector.map { Set($0.settings.keys) } ?? [])
            problems.add(
                setting.place.problem("`\(rule.id)` has no parameter `\(name)`", remedy: suggestion(name, among: names.sorted())))
            return
        }
        if old.number != nil, setting.value.number == nil {
            problems.add(setting.place.problem("`\(name)` must be a number", remedy: "write e.g. \(old.text ?? "80")"))
            return
        }
        if rule.detector?.settings[name] != nil {
            rule.detector?.settings[name] = setting.value
        } else {
            rule.parameters[name] = setting.value
        }
    }
}

import Campus
import Definitions

/// Reads one YAML document as a rule; what is wrong with it goes to the reader's problems, all at once.
struct RuleReader {
    let reader: Reader
    let classes: [String: ObservationClass]

    init(_ document: Element, classes: [String: ObservationClass], problems: Problems) {
        reader = Reader(document, problems)
        self.classes = classes
    }

    /// The rule, or nil when something without which it cannot run is missing.
    func rule() -> Rule? {
        defer { reader.finish() }
        let id = reader.requiredString("id").flatMap(checkedID)
        let detector = reader.mapping("detector").flatMap { DetectorForm($0, classes: classes) }
        let known = detector.flatMap { classes[$0.observationClass] }
        let title = reader.has("title") || known == nil ? requiredTexts("title") : known?.title
        let severity = reader.has("severity") || known == nil ? requiredSeverity() : known?.severity
        let form = query(detector: detector)
        let message = template("message")
        let common = options()
        guard let id, let title, let severity, let form, let message else { return nil }
        var rule = Rule(id: id, title: title, severity: severity, select: form.select, message: message, place: reader.element)
        common(&rule)
        rule.parameters.merge(form.parameters) { _, formed in formed }
        rule.detector = detector?.value
        checkParameters(of: rule)
        return rule
    }

    /// `select`, `threshold` or `detector`: exactly one, each giving SQL and its parameters.
    private func query(detector: DetectorForm?) -> QueryForm? {
        let select = reader.has("select") ? reader.requiredString("select") : nil
        let threshold = reader.mapping("threshold").flatMap { ThresholdForm($0)?.query }
        let forms = ["select", "threshold", "detector"].filter { reader.has($0) }
        guard forms.count == 1 else {
            let what = forms.isEmpty ? "the rule asks nothing" : "the rule has \(forms.joined(separator: " and "))"
            reader.complain(reader.element, what, "write one of `select`, `threshold` or `detector`")
            return nil
        }
        return select.map { QueryForm(select: $0, parameters: [:]) } ?? threshold ?? detector?.query
    }

    private func options() -> (inout Rule) -> Void {
        let version = reader.string("version")
        let every = reader.duration("every")
        let holdFor = reader.duration("for")
        let keep = reader.duration("keep_firing_for")
        let stale = reader.duration("stale_after")
        let hours: Rule.Hours? = reader.choice("hours")
        let parameters = reader.scalars("parameters")
        let category = reader.strings("category")
        let dengbao = reader.strings("dengbao")
        let runbook = reader.string("runbook")
        if let every, every < .seconds(1) {
            reader.complain(reader.element("every") ?? reader.element, "`every` is shorter than a second", "write 1s or more")
        }
        return { rule in
            rule.version = version ?? rule.version
            rule.every = every.map { max($0, .seconds(1)) } ?? rule.every
            rule.holdFor = holdFor ?? rule.holdFor
            rule.keepFiringFor = keep ?? rule.keepFiringFor
            rule.staleAfter = stale
            rule.hours = hours ?? .always
            for parameter in parameters {
                rule.parameters[parameter.name] = ColumnValue(scalar: parameter.text, quoted: parameter.quoted)
            }
            rule.category = category
            rule.dengbao = dengbao
            rule.runbook = runbook ?? ""
        }
    }

    /// An id is lower-case words joined by dots: `ops.device.down`.
    private func checkedID(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || [46, 95, 45].contains($0) }
        if isPlain, id.contains("."), !id.hasPrefix("."), !id.hasSuffix(".") { return id }
        reader.complain(
            reader.element("id") ?? reader.element, "`\(id)` cannot be an id",
            "write lower-case words joined by dots, e.g. ops.device.down")
        return nil
    }

    private func requiredTexts(_ key: String) -> Bilingual? {
        guard reader.has(key) else {
            reader.complain(reader.element, "`\(key)` is missing", "add `\(key): {zh: …, en: …}`")
            return nil
        }
        return reader.texts(key).map { Bilingual(zh: $0.zh, en: $0.en) }
    }

    private func requiredSeverity() -> Severity? {
        guard reader.has("severity") else {
            reader.complain(reader.element, "`severity` is missing", "write one of info, low, medium, high, critical")
            return nil
        }
        return reader.choice("severity")
    }

    private func template(_ key: String) -> BilingualTemplate? {
        guard let texts = requiredTexts(key) else { return nil }
        do {
            return BilingualTemplate(zh: try MessageTemplate(texts.zh), en: try MessageTemplate(texts.en))
        } catch {
            reader.complain(reader.element(key) ?? reader.element, error.what, "write {column}, {column:.1f} or {column:si}")
            return nil
        }
    }

    /// Every `:name` in the SQL must be a parameter of the rule or one that the judge binds.
    private func checkParameters(of rule: Rule) {
        let known = Set(rule.parameters.keys).union(Rule.boundParameters)
        for name in QueryText(rule.select).parameters.subtracting(known).sorted() {
            reader.complain(
                reader.element("select") ?? reader.element, "the query asks for `:\(name)`, which nobody gives",
                suggestion(name, among: known.sorted()))
        }
    }
}

extension Rule {
    /// What the judge binds for every rule: `:now` (ms), `:rule` (its id), `:every_ms`, `:working` (1 in working hours),
    /// `:utc_offset_ms` (of the site's zone).
    package static let boundParameters: Set<String> = ["now", "rule", "every_ms", "working", "utc_offset_ms"]
}

/// What a short form compiles to.
struct QueryForm {
    var select: String
    var parameters: [String: ColumnValue]
}

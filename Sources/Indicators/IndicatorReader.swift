import Campus
import Definitions

/// Reads one YAML document as an indicator, with every mistake told at once.
struct IndicatorReader {
    let reader: Reader

    init(_ document: Element, problems: Problems) { reader = Reader(document, problems) }

    func indicator() -> Indicator? {
        defer { reader.finish() }
        let id = reader.requiredString("id")
        let name = name()
        let unit = reader.requiredString("unit")
        let direction: Indicator.Direction? = reader.choice("direction")
        let periods = periods()
        let scalars = reader.scalars("parameters").map { ($0.name, ColumnValue(scalar: $0.text, quoted: $0.quoted)) }
        let parameters = Dictionary(scalars) { first, _ in first }
        let select = reader.requiredString("select")
        let definition = definition()
        let texts = (
            area: reader.string("area") ?? "", priority: reader.string("priority") ?? "should",
            version: reader.string("version") ?? "1",
            notes: reader.string("notes") ?? "", threshold: reader.string("suggested_threshold")
        )
        let target = target()
        let scale = reader.double("scale") ?? 1
        let sources = reader.strings("sources")
        guard let id, let name, let unit, let select, let definition else { return nil }
        checkParameters(select, parameters)
        return Indicator(
            id: id, name: name, area: texts.area, priority: texts.priority, unit: unit, direction: direction ?? .informational,
            periods: periods, version: texts.version, definition: definition, target: target,
            suggestedThreshold: texts.threshold, scale: scale, parameters: parameters, sources: sources, select: select,
            notes: texts.notes, place: reader.element)
    }

    private func name() -> Bilingual? {
        guard reader.has("name") else {
            reader.complain(reader.element, "`name` is missing", "add `name: {zh: …, en: …}`")
            return nil
        }
        return reader.texts("name").map { Bilingual(zh: $0.zh, en: $0.en) }
    }

    private func periods() -> [Period.Kind] {
        let words = Period.Kind.allCases.map(\.rawValue)
        return reader.list("periods").compactMap { element in
            if let kind = element.text.flatMap({ Period.Kind(rawValue: $0) }) { return kind }
            reader.complain(
                element, "`\(element.text ?? element.kind)` is no period", suggestion(element.text ?? "", among: words))
            return nil
        }
    }

    private func definition() -> Indicator.Definition? {
        guard let part = reader.mapping("definition") else {
            reader.complain(reader.element, "`definition` is missing", "say formula, numerator, denominator, sample and gaps")
            return nil
        }
        defer { part.finish() }
        let formula = part.requiredString("formula")
        let definition = Indicator.Definition(
            formula: formula ?? "", numerator: part.string("numerator") ?? "", denominator: part.string("denominator") ?? "",
            sample: part.string("sample") ?? "", gaps: part.string("gaps") ?? "")
        return formula == nil ? nil : definition
    }

    private func target() -> Indicator.Target? {
        guard let part = reader.mapping("target") else { return nil }
        defer { part.finish() }
        guard let value = part.requiredString("value"), let origin = part.requiredString("origin") else { return nil }
        return Indicator.Target(value: value, origin: origin, certainty: part.string("certainty") ?? "")
    }

    private func checkParameters(_ select: String, _ parameters: [String: ColumnValue]) {
        let known = Set(parameters.keys).union(Indicator.boundParameters)
        for name in QueryText(select).parameters.subtracting(known).sorted() {
            reader.complain(
                reader.element("select") ?? reader.element, "the query asks for `:\(name)`, which nobody gives",
                suggestion(name, among: known.sorted()))
        }
    }
}

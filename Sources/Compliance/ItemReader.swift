import Campus
import Definitions

/// Reads one YAML document as an 等保 item, with every mistake told at once.
struct ItemReader {
    let reader: Reader

    init(_ document: Element, problems: Problems) { reader = Reader(document, problems) }

    func item() -> ComplianceItem? {
        defer { reader.finish() }
        let id = reader.requiredString("id")
        let level2ID = reader.string("level2_id")
        let version = reader.string("version") ?? "1"
        let levels = reader.list("levels").compactMap { $0.text.flatMap { Int($0) } }
        let layer = texts("layer")
        let controlPoint = texts("control_point")
        let requirement = texts("requirement")
        let mode: ComplianceItem.Mode? = reader.choice("mode")
        let isHighRisk = reader.bool("high_risk") ?? false
        let units = (reader.string("unit_l3"), reader.string("unit_l2"))
        let parameters = reader.scalars("parameters").map { ($0.name, ColumnValue(scalar: $0.text, quoted: $0.quoted)) }
        let freshness = reader.duration("freshness") ?? .seconds(7 * 86_400)
        let select = reader.requiredString("select")
        let reasons = templates()
        let nothing = texts("nothing")
        let runbook = reader.string("runbook") ?? ""
        if levels.isEmpty || !levels.allSatisfy({ $0 == 2 || $0 == 3 }) {
            reader.complain(reader.element("levels") ?? reader.element, "`levels` names no 等保 level", "write [2, 3] or [3]")
        }
        guard let id, let layer, let controlPoint, let requirement, let select, let nothing else { return nil }
        let table = Dictionary(parameters) { first, _ in first }
        checkParameters(select, table)
        return ComplianceItem(
            id: id, level2ID: level2ID, levels: levels, version: version, layer: layer, controlPoint: controlPoint,
            requirement: requirement, mode: mode ?? .assisted, isHighRisk: isHighRisk, unitLevel3: units.0, unitLevel2: units.1,
            parameters: table, minimumCoverage: (table["min_coverage_pct"]?.number ?? 95) / 100, freshness: freshness,
            select: select, reasons: reasons, nothing: nothing, runbook: runbook, place: reader.element)
    }

    private func texts(_ key: String) -> Bilingual? {
        guard reader.has(key) else {
            reader.complain(reader.element, "`\(key)` is missing", "add `\(key): {zh: …, en: …}`")
            return nil
        }
        return reader.texts(key).map { Bilingual(zh: $0.zh, en: $0.en) }
    }

    private func templates() -> [Verdict: BilingualTemplate] {
        guard let reasons = reader.mapping("reasons") else {
            reader.complain(
                reader.element, "`reasons` is missing", "say why for conform, partial, nonconform, not_applicable, undetermined")
            return [:]
        }
        defer { reasons.finish() }
        var templates: [Verdict: BilingualTemplate] = [:]
        for verdict in Verdict.allCases {
            guard let texts = reasons.texts(verdict.rawValue) else { continue }
            do {
                templates[verdict] = BilingualTemplate(zh: try MessageTemplate(texts.zh), en: try MessageTemplate(texts.en))
            } catch {
                reasons.complain(
                    reasons.element(verdict.rawValue) ?? reasons.element, error.what,
                    "write {column}, {column:.1f} or {column:si}")
            }
        }
        return templates
    }

    private func checkParameters(_ select: String, _ parameters: [String: ColumnValue]) {
        let known = Set(parameters.keys).union(ComplianceItem.boundParameters)
        for name in QueryText(select).parameters.subtracting(known).sorted() {
            reader.complain(
                reader.element("select") ?? reader.element, "the query asks for `:\(name)`, which nobody gives",
                suggestion(name, among: known.sorted()))
        }
    }
}

extension ComplianceItem {
    /// What the assessor binds for every item: `:now` (ms) and `:utc_offset_ms` (of the site's zone).
    package static let boundParameters: Set<String> = ["now", "utc_offset_ms"]
}

import Campus
import Definitions

/// The short form `threshold`: one metric of many things against limits, with hysteresis.
///
/// `of: sensor` compares `sensor_now.value` of the class `metric`; `of: gauge` compares `used_percent` of the kind `metric`;
/// `of: interface` and `of: device` compare that column of `interface_rate` and `device_now`. `closed` gives other limits
/// outside working hours.
struct ThresholdForm {
    private enum Source: String, CaseIterable { case sensor, gauge, interface, device }
    private enum Direction: String, CaseIterable { case above, below }

    let query: QueryForm

    init?(_ reader: Reader) {
        let metric = reader.requiredString("metric")
        let source: Source? = reader.choice("of")
        let scope = reader.mapping("scope")
        let direction: Direction = reader.choice("direction") ?? .above
        let warn = reader.double("warn")
        let critical = reader.double("critical")
        let closed = reader.mapping("closed")
        let hysteresis = reader.double("hysteresis") ?? 0
        reader.finish()
        if warn == nil { reader.complain(reader.element, "`warn` is missing", "add `warn: 80`") }
        if let warn, let critical, (direction == .above) != (critical >= warn) {
            reader.complain(reader.element, "`critical` is milder than `warn`", "exchange the two")
        }
        var parameters: [String: ColumnValue] = ["hysteresis": .real(hysteresis)]
        let conditions = Self.conditions(scope, into: &parameters)
        guard let metric, let warn else { return nil }
        parameters["warn"] = .real(warn)
        parameters["critical"] = critical.map { .real($0) } ?? .null
        parameters["closed_warn"] = .real(closed?.double("warn") ?? warn)
        parameters["closed_critical"] = (closed?.double("critical") ?? critical).map { .real($0) } ?? .null
        closed?.finish()
        guard let rows = Self.rows(source ?? .sensor, metric: metric, reader: reader, parameters: &parameters) else { return nil }
        query = QueryForm(select: Self.select(rows: rows + conditions, direction: direction), parameters: parameters)
    }

    /// The things and their values, before the scope's conditions.
    private static func rows(_ source: Source, metric: String, reader: Reader, parameters: inout [String: ColumnValue]) -> String?
    {
        let device = "d.name AS device, d.place AS place, d.address AS address"
        switch source {
        case .sensor:
            parameters["metric"] = .text(metric)
            return """
                SELECT r.subject, r.value, r.seen_at, r.interval_ms, r.name, r.unit, \(device)
                  FROM sensor_now AS r JOIN device AS d ON d.id = r.device WHERE d.declared AND r.class = :metric
                """
        case .gauge:
            parameters["metric"] = .text(metric)
            return """
                SELECT r.subject, r.used_percent AS value, r.seen_at, r.interval_ms, r.name, '%' AS unit, \(device)
                  FROM gauge_now AS r JOIN device AS d ON d.id = r.device WHERE d.declared AND r.kind = :metric
                """
        case .interface, .device:
            let columns = source == .interface ? interfaceColumns : deviceColumns
            guard columns.contains(metric) else {
                reader.complain(
                    reader.element("metric") ?? reader.element, "`\(metric)` cannot be compared",
                    suggestion(metric, among: columns))
                return nil
            }
            let table = source == .interface ? "interface_rate" : "device_now"
            let name = source == .interface ? "r.name" : "d.name"
            return """
                SELECT r.subject, r.\(metric) AS value, r.seen_at, r.interval_ms, \(name) AS name, '' AS unit, \(device)
                  FROM \(table) AS r JOIN device AS d ON d.id = r.device WHERE d.declared
                """
        }
    }

    private static let interfaceColumns = [
        "utilisation", "in_bps", "out_bps", "in_ucast_s", "out_ucast_s", "in_errors_s", "out_errors_s", "in_discards_s",
        "out_discards_s",
    ]
    private static let deviceColumns = ["latency_ms", "duration_ms", "uptime_s"]

    private static func conditions(_ scope: Reader?, into parameters: inout [String: ColumnValue]) -> String {
        guard let scope else { return "" }
        defer { scope.finish() }
        var text = ""
        for (key, condition) in [
            ("kind", "d.kind = :scope_kind"), ("layer", "d.layer = :scope_layer"), ("device", "d.name GLOB :scope_device"),
            ("name", "r.name GLOB :scope_name"), ("place", "(d.place = :scope_place OR d.place LIKE :scope_place || '/%')"),
        ] {
            guard let word = scope.string(key) else { continue }
            parameters["scope_\(key)"] = .text(word)
            text += " AND \(condition)"
        }
        return text
    }

    /// A raised alert clears only beyond the hysteresis, so that a value on the limit does not flap.
    private static func select(rows: String, direction: Direction) -> String {
        let worse = direction == .above ? ">=" : "<="
        let back = direction == .above ? "-" : "+"
        return """
            WITH raised AS (SELECT subject FROM alert WHERE rule = :rule AND state IN ('firing', 'acknowledged')),
                 bound AS (SELECT CASE WHEN :working THEN :warn ELSE :closed_warn END AS warn,
                                  CASE WHEN :working THEN :critical ELSE :closed_critical END AS critical),
                 thing AS (\(rows))
            SELECT subject, value, seen_at, interval_ms, name, unit, device, place, address, warn, critical,
                   CASE WHEN value IS NULL THEN 'unknown'
                        WHEN value \(worse) warn THEN 'violated'
                        WHEN value \(worse) warn \(back) :hysteresis AND subject IN (SELECT subject FROM raised) THEN 'violated'
                        ELSE 'held' END AS outcome,
                   CASE WHEN value \(worse) critical THEN 'critical' END AS severity
              FROM thing, bound
            """
    }
}

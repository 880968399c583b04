import Campus
import Definitions

/// The short form `detector`: observations of one class, judged by whom they are about.
struct DetectorForm {
    let observationClass: String
    let value: Rule.Detector
    let query: QueryForm

    init?(_ reader: Reader, classes: [String: ObservationClass]) {
        let name = reader.requiredString("class")
        let settings = reader.scalars("settings")
        let quiet = reader.duration("quiet") ?? .seconds(600)
        reader.finish()
        guard let name else { return nil }
        if classes[name] == nil {
            reader.complain(
                reader.element("class") ?? reader.element, "`\(name)` is no class of observations",
                suggestion(name, among: classes.keys.sorted()))
        }
        observationClass = name
        let pairs = settings.map { ($0.name, ColumnValue(scalar: $0.text, quoted: $0.quoted)) }
        value = Rule.Detector(observationClass: name, settings: Dictionary(pairs) { first, _ in first })
        query = QueryForm(
            select: Self.select,
            parameters: ["class": .text(name), "quiet_ms": .integer(quiet.milliseconds), "horizon_ms": .integer(86_400_000)])
    }

    /// One row a subject of the last day, with the columns of its newest observation (SQLite takes bare columns from the row
    /// of `max`). It is violated while the newest is younger than `quiet`; calm counts as held only while a capture runs.
    private static let select = """
        SELECT coalesce(subject, 'mac/' || source_mac, 'capture/' || interface) AS subject, class, max(at) AS last_at, min(first_at) AS first_at, count AS value, severity AS observed_severity,
               source, destination, port, source_mac, detail, interface,
               CASE WHEN max(at) > :now - :quiet_ms THEN 'violated'
                    WHEN EXISTS (SELECT 1 FROM capture_now WHERE state = 'running') THEN 'held'
                    ELSE 'unknown' END AS outcome
          FROM observation WHERE class = :class AND at > :now - :horizon_ms GROUP BY 1
        """
}

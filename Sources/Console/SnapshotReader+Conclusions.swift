import Campus
import Evidence

/// What was observed and concluded.
extension SnapshotReader {
    func readAlerts(_ snapshot: inout Snapshot) {
        let counts = rows(
            "SELECT state, count(*) AS alerts FROM alert WHERE state IN ('pending', 'firing', 'acknowledged') GROUP BY state",
            [:],
            &snapshot)
        for row in counts {
            if let state = AlertState(rawValue: row.text("state")) {
                snapshot.alertCounts[state] = Int(row.integer("alerts") ?? 0)
            }
        }
        let lines = rows(
            """
            SELECT title_zh, title_en, message_zh, message_en, severity, state, subject, started_at, dengbao FROM alert
            WHERE state IN ('pending', 'firing', 'acknowledged')
            ORDER BY state = 'pending',
              CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, started_at DESC
            LIMIT 100
            """, [:], &snapshot)
        snapshot.alerts = lines.map { row in
            var alert = Snapshot.Alert()
            alert.title = Bilingual(zh: row.text("title_zh"), en: row.text("title_en"))
            alert.message = Bilingual(zh: row.text("message_zh"), en: row.text("message_en"))
            alert.severity = Severity(rawValue: row.text("severity")) ?? .info
            alert.state = AlertState(rawValue: row.text("state")) ?? .firing
            alert.subject = row.text("subject")
            alert.startedAt = row.time("started_at") ?? snapshot.at
            alert.dengbao = SnapshotReader.words(ofList: row.text("dengbao"))
            return alert
        }
    }

    func readObservations(_ snapshot: inout Snapshot) {
        let lines = rows("SELECT * FROM observation ORDER BY id DESC LIMIT 12", [:], &snapshot)
        snapshot.observations = lines.map { row in
            var observation = Snapshot.Observation()
            observation.at = row.time("at") ?? snapshot.at
            observation.observationClass = row.text("class")
            observation.severity = Severity(rawValue: row.text("severity")) ?? .info
            observation.source = row.text("source")
            let port = row.integer("port").map { ":\($0)" } ?? ""
            observation.destination = row.text("destination").isEmpty ? "" : row.text("destination") + port
            observation.detail = row.text("detail")
            observation.count = row.integer("count") ?? 1
            return observation
        }
    }

    func readItems(_ snapshot: inout Snapshot) {
        let latest =
            "FROM verdict JOIN (SELECT item, system, max(at) AS at FROM verdict GROUP BY item, system) USING (item, system, at)"
        let wholes = rows(
            "SELECT item, system, verdict, reason_zh, reason_en, at \(latest) WHERE subject = '' ORDER BY item, system", [:],
            &snapshot)
        let objects = rows(
            "SELECT item, system, verdict, count(*) AS objects \(latest) WHERE subject <> '' GROUP BY item, system, verdict", [:],
            &snapshot)
        snapshot.items = wholes.map { row in
            var item = Snapshot.Item()
            let id = row.text("item")
            let system = row.text("system")
            item.id = system.isEmpty ? id : "\(id) · \(system)"
            item.title = titles.items[id] ?? Bilingual(zh: id, en: id)
            item.verdict = Verdict(rawValue: row.text("verdict")) ?? .undetermined
            item.reason = Bilingual(zh: row.text("reason_zh"), en: row.text("reason_en"))
            item.at = row.time("at")
            item.objects = objects.filter { $0.text("item") == id && $0.text("system") == system }.compactMap { object in
                Verdict(rawValue: object.text("verdict")).map { ($0, Int(object.integer("objects") ?? 0)) }
            }
            return item
        }
    }

    func readIndicators(_ snapshot: inout Snapshot) {
        let lines = rows(
            """
            SELECT indicator, scope, period, value, coverage, status FROM indicator_value
            JOIN (SELECT indicator, scope, max(period_start) AS period_start FROM indicator_value GROUP BY indicator, scope)
              USING (indicator, scope, period_start)
            ORDER BY indicator, scope LIMIT 40
            """, [:], &snapshot)
        snapshot.indicators = lines.map { row in
            var indicator = Snapshot.Indicator()
            let id = row.text("indicator")
            indicator.title = titles.indicators[id]?.title ?? Bilingual(zh: id, en: id)
            indicator.unit = titles.indicators[id]?.unit ?? ""
            indicator.scope = row.text("scope")
            indicator.period = row.text("period")
            indicator.value = row.number("value")
            indicator.coverage = row.number("coverage")
            indicator.status = row.text("status")
            return indicator
        }
    }

    /// The words of a JSON list of plain words, as `dengbao` holds them.
    static func words(ofList json: String) -> [String] {
        json.split { "[]\", ".contains($0) }.map(String.init)
    }
}

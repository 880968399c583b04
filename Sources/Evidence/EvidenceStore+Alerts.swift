package import Campus
import Foundation
import GRDB

extension EvidenceStore {
    /// Alerts that are neither resolved nor closed, oldest first.
    package func openAlerts() throws(EvidenceError) -> [Alert] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM alert WHERE state IN ('pending', 'firing', 'acknowledged') ORDER BY id")
                .compactMap(AlertRow.alert)
        }
    }

    /// Stores alerts and their events in one durable transaction; returns the events with their sequence numbers.
    ///
    /// Numbers are given inside of the transaction, so a failed one leaves no hole.
    package func apply(_ events: [AlertEvent]) throws(EvidenceError) -> [AlertEvent] {
        guard !events.isEmpty else { return [] }
        return try write(durably: true) { db in
            var sequence = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM alert_event") ?? 0
            var numbered: [AlertEvent] = []
            for var event in events {
                sequence += 1
                event.sequence = sequence
                try AlertRow.upsert(event, db)
                try db.run(
                    "INSERT INTO alert_event (sequence, at, alert, action, actor, cause, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    sequence,
                    event.at.milliseconds, event.alert.id, event.action.rawValue, event.actor, event.cause,
                    try AlertBody(event.alert).json)
                numbered.append(event)
            }
            return numbered
        }
    }

    /// Events with a greater sequence number, in order.
    package func alertEvents(after sequence: Int64, limit: Int) throws(EvidenceError) -> [AlertEvent] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM alert_event WHERE sequence > ? ORDER BY sequence LIMIT ?", arguments: [sequence, limit]
            ).compactMap { row in
                guard let action = AlertState(rawValue: row["action"]), let alert = AlertBody(json: row["body"])?.alert else {
                    return nil
                }
                return AlertEvent(
                    sequence: row["sequence"], at: Timestamp(milliseconds: row["at"]), alert: alert, action: action,
                    actor: row["actor"] ?? "", cause: row["cause"] ?? "")
            }
        }
    }

    /// The newest event's number; 0 when there is none.
    package func lastAlertSequence() throws(EvidenceError) -> Int64 {
        try read { db in try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM alert_event") ?? 0 }
    }
}

/// Alerts as rows.
private enum AlertRow {
    static func upsert(_ event: AlertEvent, _ db: Database) throws {
        let alert = event.alert
        let acknowledged = event.action == .acknowledged ? event.at.milliseconds : nil
        try db.run(
            """
            INSERT INTO alert (id, rule, rule_version, title_zh, title_en, subject, severity, state, started_at, firing_at,
                acknowledged_at, resolved_at, last_violated_at, value, message_zh, message_en, class, source, destination, labels, dengbao)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET rule_version = excluded.rule_version, title_zh = excluded.title_zh,
                title_en = excluded.title_en, severity = excluded.severity, state = excluded.state, started_at = excluded.started_at,
                firing_at = excluded.firing_at, acknowledged_at = coalesce(acknowledged_at, excluded.acknowledged_at),
                resolved_at = excluded.resolved_at, last_violated_at = excluded.last_violated_at, value = excluded.value,
                message_zh = excluded.message_zh, message_en = excluded.message_en, class = excluded.class, source = excluded.source,
                destination = excluded.destination, labels = excluded.labels, dengbao = excluded.dengbao
            """, alert.id, alert.rule, alert.ruleVersion, alert.ruleTitle.zh, alert.ruleTitle.en, alert.subject,
            alert.severity.rawValue,
            alert.state.rawValue, alert.startedAt.milliseconds, alert.firingAt?.milliseconds, acknowledged,
            alert.resolvedAt?.milliseconds, alert.lastViolatedAt.milliseconds, alert.value, alert.message.zh, alert.message.en,
            alert.observationClass, alert.source, alert.destination, JSONText.object(alert.labels), JSONText.list(alert.dengbao))
    }

    /// Nil for a row that this version cannot have written.
    static func alert(_ row: Row) -> Alert? {
        guard let severity = Severity(rawValue: row["severity"] ?? ""), let state = AlertState(rawValue: row["state"]) else {
            return nil
        }
        let time = { (column: String) in (row[column] as Int64?).map { Timestamp(milliseconds: $0) } }
        var alert = Alert(
            id: row["id"], rule: row["rule"], ruleVersion: row["rule_version"] ?? "",
            ruleTitle: Bilingual(zh: row["title_zh"] ?? "", en: row["title_en"] ?? ""), subject: row["subject"],
            severity: severity,
            state: state, startedAt: time("started_at") ?? Timestamp(milliseconds: 0),
            lastViolatedAt: time("last_violated_at") ?? Timestamp(milliseconds: 0),
            message: Bilingual(zh: row["message_zh"] ?? "", en: row["message_en"] ?? ""))
        alert.firingAt = time("firing_at")
        alert.resolvedAt = time("resolved_at")
        alert.value = row["value"]
        alert.observationClass = row["class"] ?? ""
        alert.source = row["source"]
        alert.destination = row["destination"]
        alert.labels = JSONText.object(from: row["labels"])
        alert.dengbao = JSONText.list(from: row["dengbao"])
        return alert
    }
}

/// The alert as it stood at an event, in the JSON of `alert_event.body`.
private struct AlertBody: Codable {
    var id: String
    var rule: String
    var ruleVersion: String
    var title: Bilingual
    var subject: String
    var severity: Severity
    var state: AlertState
    var startedAt: Timestamp
    var firingAt: Timestamp?
    var resolvedAt: Timestamp?
    var lastViolatedAt: Timestamp
    var value: Double?
    var message: Bilingual
    var observationClass: String
    var source: String?
    var destination: String?
    var labels: [String: String]
    var dengbao: [String]

    enum CodingKeys: String, CodingKey {
        case id, rule, title, subject, severity, state, value, message, source, destination, labels, dengbao
        case ruleVersion = "rule_version"
        case startedAt = "started_at"
        case firingAt = "firing_at"
        case resolvedAt = "resolved_at"
        case lastViolatedAt = "last_violated_at"
        case observationClass = "class"
    }

    init(_ alert: Alert) {
        id = alert.id
        rule = alert.rule
        ruleVersion = alert.ruleVersion
        title = alert.ruleTitle
        subject = alert.subject
        severity = alert.severity
        state = alert.state
        startedAt = alert.startedAt
        firingAt = alert.firingAt
        resolvedAt = alert.resolvedAt
        lastViolatedAt = alert.lastViolatedAt
        // JSON has no word for what is no number.
        value = alert.value.flatMap { $0.isFinite ? $0 : nil }
        message = alert.message
        observationClass = alert.observationClass
        source = alert.source
        destination = alert.destination
        labels = alert.labels
        dengbao = alert.dengbao
    }

    init?(json: String) {
        guard let body = try? JSONDecoder().decode(AlertBody.self, from: Data(json.utf8)) else { return nil }
        self = body
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var alert: Alert {
        var alert = Alert(
            id: id, rule: rule, ruleVersion: ruleVersion, ruleTitle: title, subject: subject, severity: severity, state: state,
            startedAt: startedAt, lastViolatedAt: lastViolatedAt, message: message)
        alert.firingAt = firingAt
        alert.resolvedAt = resolvedAt
        alert.value = value
        alert.observationClass = observationClass
        alert.source = source
        alert.destination = destination
        alert.labels = labels
        alert.dengbao = dengbao
        return alert
    }
}

import Campus

/// One alert event as one line of the alert log: JSON with ECS names, ours under `campanile`, members in a fixed order.
struct AlertLine {
    let event: AlertEvent
    let settings: AlertLogSettings

    /// The line without its newline. `previous` is the SHA-256 of the line before.
    func text(previous: String) -> String {
        let alert = event.alert
        return JSONWriter.object { json in
            json.string("@timestamp", time(event.at))
            json.object("event", eventMembers)
            json.object("rule") { rule in
                rule.string("id", alert.rule)
                rule.string("name", alert.ruleTitle.text(settings.language))
                rule.string("version", alert.ruleVersion)
            }
            address(json: &json, "source", alert.source)
            address(json: &json, "destination", alert.destination)
            json.object("observer") { observer in
                observer.string("name", "campanile")
                observer.string("hostname", settings.hostname)
            }
            json.string("message", alert.message.text(settings.language))
            json.object("labels") { labels in
                for (key, value) in alert.labels.sorted(by: { $0.key < $1.key }) { labels.string(key, value) }
            }
            json.object("campanile") { ours in members(&ours, previous: previous) }
        }
    }

    private func eventMembers(_ json: inout JSONWriter) {
        let alert = event.alert
        json.string("kind", "alert")
        json.string("action", event.action.rawValue)
        json.number("severity", Int64(alert.severity.number))
        json.strings("category", Self.category(of: alert))
        json.string("id", alert.id)
        json.string("start", time(alert.startedAt))
        if let end = alert.resolvedAt { json.string("end", time(end)) }
    }

    private func members(_ json: inout JSONWriter, previous: String) {
        let alert = event.alert
        json.number("sequence", event.sequence)
        json.string("alert", alert.id)
        json.string("state", event.action.rawValue)
        json.string("severity", alert.severity.rawValue)
        json.string("subject", alert.subject)
        if !alert.observationClass.isEmpty { json.string("class", alert.observationClass) }
        if let value = alert.value { json.number("value", value) }
        json.strings("dengbao", alert.dengbao)
        json.string("actor", event.actor)
        if !event.cause.isEmpty { json.string("cause", event.cause) }
        json.string("previous", previous)
    }

    private func address(json: inout JSONWriter, _ key: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        json.object(key) { $0.string("ip", text) }
    }

    private func time(_ instant: Timestamp) -> String {
        CivilTime(instant, offsetSeconds: settings.offsetSeconds(instant)).rfc3339
    }

    /// ECS `event.category`, by the rule's family.
    private static func category(of alert: Alert) -> [String] {
        if alert.rule.hasPrefix("detection.") { return ["intrusion_detection", "network"] }
        return alert.rule.hasPrefix("energy.") || alert.rule.hasPrefix("ops.ups") ? ["host"] : ["network"]
    }
}

package import Campus

extension Finder.Answer {
    /// What was found, for people; times are the site's, ages as of `now`.
    package func text(_ time: LocalTime, now: Timestamp) -> String {
        findings.map { finding in
            let head = [finding.what, finding.name, finding.mac ?? "", finding.vendor ?? ""].filter { !$0.isEmpty }
            var lines = [head.joined(separator: "  ")]
            for mapping in finding.mappings.prefix(8) {
                let told = mapping.lastSeen.map { "  ARP of \(mapping.device), \(age($0, now))" } ?? ""
                lines.append("  \(mapping.address)\(told)\(mapping.isCurrent ? "" : ", no more")")
            }
            for (place, stay) in finding.stays.enumerated() {
                if !stay.isCurrent, place == 0 || finding.stays[place - 1].isCurrent { lines.append("  before:") }
                lines += Self.lines(stay, time, now).map { (stay.isCurrent ? "  " : "    ") + $0 }
            }
            if finding.stays.isEmpty { lines.append("  no port known: no switch that is asked has learned it") }
            return lines.map(\.printable).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    private static func lines(_ stay: Finder.Stay, _ time: LocalTime, _ now: Timestamp) -> [String] {
        var words = [stay.device, stay.port]
        if !stay.alias.isEmpty, stay.alias != stay.port { words.append("\"\(stay.alias)\"") }
        if let vlan = stay.vlan { words.append("VLAN \(vlan)") }
        words += [stay.role, stay.neighbor.isEmpty ? "" : "at \(stay.neighbor)", stay.place]
        let seen = [
            stay.firstSeen.map { "since \(time.text(Timestamp(milliseconds: $0)))" },
            stay.lastSeen.map { last in
                stay.isCurrent
                    ? "last seen \(time.text(Timestamp(milliseconds: last))) (\(age(last, now)))"
                    : "until \(time.text(Timestamp(milliseconds: last)))"
            },
        ].compactMap { $0 }
        return [
            words.filter { !$0.isEmpty }.joined(separator: "  "),
            "  " + ([stay.how] + seen).filter { !$0.isEmpty }.joined(separator: "; "),
        ]
    }

    private static func age(_ at: Int64, _ now: Timestamp) -> String {
        let seconds = Double(max(0, now.milliseconds - at)) / 1000
        return seconds < 1 ? "now" : "\(Figures.span(seconds, language: .en)) ago"
    }

    private func age(_ at: Int64, _ now: Timestamp) -> String { Self.age(at, now) }

    package var json: JSONValue {
        .members([
            "asked": .text(asked), "status": .text(findings.isEmpty ? "not found" : "ok"), "searched": .text(searched),
            "findings": .array(
                findings.map { finding in
                    .members([
                        "what": .text(finding.what), "name": .text(finding.name), "mac": .optional(finding.mac),
                        "vendor": .optional(finding.vendor),
                        "addresses": .array(
                            finding.mappings.map {
                                .members([
                                    "address": .text($0.address), "told_by": .text($0.device),
                                    "last_seen": .optional($0.lastSeen),
                                    "current": .bool($0.isCurrent),
                                ])
                            }), "ports": .array(finding.stays.map(Self.json)),
                    ])
                }),
        ])
    }

    private static func json(_ stay: Finder.Stay) -> JSONValue {
        .members([
            "device": .text(stay.device), "device_id": .text(stay.deviceID), "port": .text(stay.port), "alias": .text(stay.alias),
            "vlan": .optional(stay.vlan), "role": .text(stay.role), "neighbor": .text(stay.neighbor), "place": .text(stay.place),
            "exact": .bool(stay.isExact), "current": .bool(stay.isCurrent), "first_seen": .optional(stay.firstSeen),
            "last_seen": .optional(stay.lastSeen), "how": .text(stay.how),
        ])
    }
}

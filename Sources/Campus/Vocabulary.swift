/// How bad a finding is; the same five words in rules, alerts, console and exports.
package enum Severity: String, CaseIterable, Comparable, Sendable, Codable {
    case info, low, medium, high, critical

    /// ECS `event.severity`: 10, 30, 50, 70, 90.
    package var number: Int {
        switch self {
        case .info: 10
        case .low: 30
        case .medium: 50
        case .high: 70
        case .critical: 90
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.number < right.number }
}

/// What a rule says of one judged object. Unknown neither raises nor resolves, and is never shown as held.
package enum Outcome: String, CaseIterable, Sendable, Codable {
    case held, violated, partial, unknown
    case notApplicable = "not_applicable"

    /// The 等保 verdict this outcome stands for (GB/T 28448-2019; 未判定 is ours).
    package var verdict: Verdict {
        switch self {
        case .held: .conform
        case .violated: .nonconform
        case .partial: .partial
        case .unknown: .undetermined
        case .notApplicable: .notApplicable
        }
    }
}

/// 符合, 部分符合, 不符合, 不适用 of GB/T 28448-2019, and 未判定 where evidence is missing, stale or too thin.
package enum Verdict: String, CaseIterable, Sendable, Codable {
    case conform, partial, nonconform
    case notApplicable = "not_applicable"
    case undetermined

    package var title: Bilingual {
        switch self {
        case .conform: Bilingual(zh: "符合", en: "conform")
        case .partial: Bilingual(zh: "部分符合", en: "partially conform")
        case .nonconform: Bilingual(zh: "不符合", en: "nonconform")
        case .notApplicable: Bilingual(zh: "不适用", en: "not applicable")
        case .undetermined: Bilingual(zh: "未判定", en: "undetermined")
        }
    }
}

/// The life of an alert: pending → firing → acknowledged → resolved, or closed by a person with a cause.
package enum AlertState: String, CaseIterable, Sendable, Codable {
    case pending, firing, acknowledged, resolved, closed
}

/// What the reachability tests and polls say of a device.
///
/// `snmpSilent`: answers ping or TCP but not SNMP. A wrong v1/v2c community looks exactly the same, because an agent drops
/// such requests without a word (RFC 3584 §5.2.1), so messages must say so.
/// `unauthorised`: the agent sent a USM report (RFC 3414 §3.2): wrong user, password or privacy key.
package enum DeviceState: String, CaseIterable, Sendable, Codable {
    case unknown, up
    case snmpSilent = "snmp-silent"
    case unauthorised, down
}

/// A text for people in both languages; Chinese is the default, English for logs.
package struct Bilingual: Hashable, Sendable, Codable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    package func text(_ language: Language) -> String { language == .zh ? zh : en }
}

package enum Language: String, CaseIterable, Sendable, Codable {
    case zh, en
}

/// A place, person or thing that rules judge: `device/3f2a…/interface/52`, `host/10.1.60.7`.
package enum Subject {
    package static func device(_ id: DeviceID) -> String { "device/\(id.text)" }
    package static func interface(_ id: DeviceID, _ index: UInt32) -> String { "device/\(id.text)/interface/\(index)" }
    package static func sensor(_ id: DeviceID, _ sensor: String) -> String { "device/\(id.text)/sensor/\(sensor)" }
    package static func host(_ address: IPAddress) -> String { "host/\(address)" }
}

/// A value that must never reach a log, a report or a terminal; it prints as `<secret>`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves, for the one call that needs them.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

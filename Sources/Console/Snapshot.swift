package import Campus

/// All that the page shows, as plain values, read from evidence at one instant.
package struct Snapshot: Sendable {
    package struct Device: Sendable {
        package var name = ""
        package var address = ""
        package var layer = ""
        package var place = ""
        package var model = ""
        package var state: DeviceState = .unknown
        package var since: Timestamp?
        package var reason = ""
        package var latencyMilliseconds: Double?
        package var uptimeSeconds: Double?
        /// `SNMPv3 authPriv`, `SNMPv2c`; empty when SNMP did not answer.
        package var access = ""

        package init() {}
    }

    package struct Interface: Sendable {
        package var subject = ""
        package var device = ""
        package var name = ""
        package var alias = ""
        package var admin = ""
        package var oper = ""
        package var speed: Double?
        package var inRate: Double?
        package var outRate: Double?
        package var utilisation: Double?
        package var errors: Double?
        package var discards: Double?
        /// The last hour's rates in and out, one point a poll, oldest first.
        package var history: [(inRate: Double, outRate: Double)] = []

        package init() {}
    }

    package struct Capture: Sendable {
        package var accounting: CaptureAccounting
        package var isRunning: Bool
        package var reason: String

        package init(accounting: CaptureAccounting, isRunning: Bool, reason: String) {
            self.accounting = accounting
            self.isRunning = isRunning
            self.reason = reason
        }
    }

    package struct Alert: Sendable {
        package var title = Bilingual(zh: "", en: "")
        package var message = Bilingual(zh: "", en: "")
        package var severity: Severity = .info
        package var state: AlertState = .firing
        package var subject = ""
        package var startedAt = Timestamp(milliseconds: 0)
        package var dengbao: [String] = []

        package init() {}
    }

    package struct Observation: Sendable {
        package var at = Timestamp(milliseconds: 0)
        package var observationClass = ""
        package var severity: Severity = .info
        package var source = ""
        package var destination = ""
        package var detail = ""
        package var count: Int64 = 1

        package init() {}
    }

    package struct Item: Sendable {
        package var id = ""
        package var title = Bilingual(zh: "", en: "")
        package var verdict: Verdict = .undetermined
        package var reason = Bilingual(zh: "", en: "")
        package var objects: [(verdict: Verdict, count: Int)] = []
        package var at: Timestamp?

        package init() {}
    }

    package struct Indicator: Sendable {
        package var title = Bilingual(zh: "", en: "")
        package var unit = ""
        package var scope = ""
        package var period = ""
        package var value: Double?
        package var coverage: Double?
        /// `ok`, `partial`, `insufficient`, `not_applicable`.
        package var status = "insufficient"

        package init() {}
    }

    package struct Talker: Sendable {
        package var address = ""
        package var bytes: Double = 0
        package var flows: Int64 = 0

        package init() {}
    }

    package struct TrafficPoint: Sendable {
        package var bitRate: Double
        package var packets: Double
        package var flows: Double
    }

    package var at: Timestamp
    /// Devices that are not up come first; at most `deviceLimit`, `deviceCounts` counts all.
    package var devices: [Device] = []
    package var deviceCounts: [DeviceState: Int] = [:]
    package var interfaces: [Interface] = []
    package var interfaceCount = 0
    package var interfacesUp = 0
    package var captures: [Capture] = []
    package var lastMinute: TrafficPoint?
    package var talkers: [Talker] = []
    /// The gravest come first; at most a hundred, `alertCounts` counts all that are open.
    package var alerts: [Alert] = []
    package var alertCounts: [AlertState: Int] = [:]
    package var observations: [Observation] = []
    package var items: [Item] = []
    package var indicators: [Indicator] = []
    /// What could not be read, in English; shown rather than hidden.
    package var failures: [String] = []

    package init(at: Timestamp) { self.at = at }

    package var deviceCount: Int { deviceCounts.values.reduce(0, +) }
    package var openAlertCount: Int { alertCounts.values.reduce(0, +) }
    package var firingCount: Int { alertCounts[.firing, default: 0] + alertCounts[.acknowledged, default: 0] }
}

import Campus
import Capture
import Console
import Definitions
import Foundation
import Logging
import Reporting
import Rules
import SNMP

/// Reads one configuration: campanile.yaml, then what stands beside it. Its methods each read one part and tell what is wrong with it.
struct SettingsLoader {
    let path: String
    let directory: String
    let secrets: AgentSettings.Secrets
    let environment: [String: String]
    let problems: Problems
    var settings = AgentSettings()
    /// Where each device and credential was declared, for what says it twice.
    var declaredAt: [String: Element] = [:]
    /// Whether site.yaml lists places and owners, so that no other may be named.
    var hasPlaces = false
    var hasOwners = false
    var exitPlaces: [String: Element] = [:]

    init(path: String, secrets: AgentSettings.Secrets, environment: [String: String], problems: Problems) {
        self.path = path
        directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        self.secrets = secrets
        self.environment = environment
        self.problems = problems
    }

    mutating func load() -> AgentSettings {
        settings.file = path
        let documents = DefinitionFiles.documents(of: path, problems: problems)
        guard let root = documents.first, !root.isNull else {
            if problems.isEmpty {
                problems.add(
                    Problem(file: path, line: 1, column: 1, what: "the file is empty", remedy: "write at least `site: {name: …}`")
                )
            }
            return settings
        }
        if documents.count > 1 {
            complain(documents[1], "a second document", "keep one; rules and probes go to rules.d and probes.d")
        }
        let reader = Reader(root, problems)
        readSite(reader)
        readProfile()
        readCredentials(reader)
        readDevices(reader.list("devices"))
        readInventory()
        readDiscovery(reader)
        checkExits()
        readPolling(reader)
        readCaptures(reader)
        readListen(reader)
        readStore(reader)
        readRules(reader)
        readRest(reader)
        reader.finish()
        return settings
    }

    func complain(_ element: Element, _ what: String, _ remedy: String) {
        problems.add(element.problem(what, remedy: remedy))
    }

    /// A path as written, or from the configuration's own folder when it is relative.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }

    // MARK: Parts

    private mutating func readSite(_ reader: Reader) {
        guard let site = reader.mapping("site") else {
            if !reader.has("site") { complain(reader.element, "`site` is missing", "add `site: {name: …}`") }
            return
        }
        settings.site.name = site.requiredString("name") ?? ""
        if let code = site.string("code") { settings.site.code = code }
        if let zone = site.string("timezone") {
            if TimeZone(identifier: zone) == nil {
                complain(
                    site.element("timezone") ?? site.element, "`\(zone)` is no time zone",
                    "write an IANA name such as Asia/Shanghai")
            } else {
                settings.site.timeZone = zone
            }
        }
        if let language = site.choice("language", Language.self) { settings.site.language = language }
        site.finish()
    }

    private mutating func readPolling(_ reader: Reader) {
        guard let polling = reader.mapping("polling") else { return }
        let spans: [(String, WritableKeyPath<AgentSettings.Polling, Duration>)] = [
            ("interval", \.interval), ("sensors", \.sensors), ("topology", \.topology),
        ]
        for (name, field) in spans {
            guard let span = polling.duration(name) else { continue }
            if span < .seconds(1) || span > .seconds(86_400) {
                complain(
                    polling.element(name) ?? polling.element, "`\(name)` is \(span.inSeconds) s",
                    "write a time span from 1s to 1d")
            } else {
                settings.polling[keyPath: field] = span
            }
        }
        polling.finish()
    }

    private mutating func readCaptures(_ reader: Reader) {
        for element in reader.list("capture") {
            let entry = Reader(element, problems)
            guard let interface = entry.requiredString("interface") else { continue }
            var capture = AgentSettings.Capture(interface: interface)
            // IFNAMSIZ of if(7) leaves 15 bytes for a name.
            if interface.utf8.count > 15 || interface.contains("/") {
                complain(
                    entry.element("interface") ?? element, "`\(interface)` is no interface name",
                    "write a name that `ip link` shows")
            }
            if let count = entry.integer("analysers", in: 1...64) { capture.analysers = count }
            if let length = entry.integer("snaplen", in: 64...65_535) { capture.snapLength = length }
            if let filter = entry.string("filter") {
                capture.filter = filter
                if let reason = CaptureHandle.syntaxError(inFilter: filter) {
                    complain(entry.element("filter") ?? element, "`filter`: \(reason)", "write it as pcap-filter(7) says")
                }
            }
            if let bytes = entry.byteCount("ring") {
                if (1 << 16...1 << 32).contains(bytes) {
                    capture.ringBytes = bytes
                } else {
                    complain(entry.element("ring") ?? element, "`ring` is \(bytes) bytes", "write a size from 64KiB to 4GiB")
                }
            }
            entry.finish()
            if settings.captures.contains(where: { $0.interface == interface }) {
                complain(element, "`\(interface)` is captured twice", "keep one entry for an interface")
            } else {
                settings.captures.append(capture)
            }
        }
    }

    private mutating func readRules(_ reader: Reader) {
        let time = settings.localTime
        if let rules = reader.mapping("rules") { settings.overrides = RuleOverrides(rules) { time.end(of: $0) } }
        let share = DefinitionPaths.share(
            configured: reader.string("share").map(absolute), environment: environment, executable: DefinitionPaths.executable)
        settings.probeDirectories = [share + "/Probes"] + DefinitionPaths.existing(directory + "/probes.d")
        settings.ruleDirectories = [share + "/Rules"] + DefinitionPaths.existing(directory + "/rules.d")
    }

    private mutating func readRest(_ reader: Reader) {
        if let alerts = reader.mapping("alerts") {
            if let log = alerts.string("log") { settings.alertLogPath = absolute(log) }
            alerts.finish()
        }
        if let log = reader.mapping("log") {
            if let level = log.choice("level", Logger.Level.self) { settings.logLevel = level }
            log.finish()
        }
        if let first = reader.list("notify").first {
            complain(first, "this version tells alerts to the alert log and the console alone", "leave `notify: []`")
        }
    }
}

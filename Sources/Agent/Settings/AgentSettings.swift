package import Campus
package import Console
package import Definitions
package import Evidence
import Foundation
package import Logging
package import Reporting
package import Rules
package import SNMP

/// All that configuration files say, checked and well-typed; every default stands here or in the module it belongs to.
package struct AgentSettings: Sendable {
    package struct Site: Hashable, Sendable {
        package var name = ""
        /// The school's ten-digit code (XXDM).
        package var code = ""
        /// IANA name.
        package var timeZone = "Asia/Shanghai"
        package var language: Language = .zh
    }

    package struct Polling: Hashable, Sendable {
        package var interval: Duration = .seconds(60)
        /// A full poll, which reads names, sensors and inventory anew.
        package var topology: Duration = .seconds(3600)
        package var sensors: Duration = .seconds(60)
    }

    package struct Capture: Hashable, Sendable {
        package var interface: String
        package var analysers = 1
        /// Bytes kept of a packet.
        package var snapLength = 512
        /// pcap-filter(7); empty takes everything.
        package var filter = ""
        package var ringBytes = 16 << 20
    }

    /// The file that was read.
    package var file = ""
    package var site = Site()
    package var credentials: [String: SNMPCredential] = [:]
    /// By name, so that of two users of one name the same is taken each time.
    var credentialsInOrder: [SNMPCredential] { credentials.sorted { $0.key < $1.key }.map(\.value) }
    /// Where traps are listened for; nil when nowhere, unless systemd hands over a socket.
    package var traps: NotificationAddress?
    package var devices: [DeclaredDevice] = []
    package var discovery = Discovery()
    package var polling = Polling()
    package var captures: [Capture] = []
    /// nil when `listen.console` is `off`.
    package var console: ConsoleSettings? = ConsoleSettings()
    /// The folder that holds `campanile.db`.
    package var storeDirectory = "/var/lib/campanile"
    package var evidence = EvidenceSettings()
    package var alertLogPath = "/var/log/campanile/alerts.jsonl"
    package var overrides = RuleOverrides()
    package var probeDirectories: [String] = []
    package var ruleDirectories: [String] = []
    package var logLevel: Logger.Level = .info
    package var profile = SiteProfile()

    package init() {}

    package var databasePath: String { storeDirectory + "/campanile.db" }
    package var localTime: LocalTime { LocalTime(zoneName: site.timeZone) }

    /// The file to read when none was named: beside us in the administrator's folder.
    package static let standardPath = "/etc/campanile/campanile.yaml"

    /// Where secrets may be looked up while loading.
    package enum Secrets: Sendable {
        /// All must be there: the daemon is about to use them.
        case required
        /// Those that only systemd hands out may be absent: somebody checks a file at a terminal.
        case checked
        /// None is read: the command needs no device.
        case ignored
    }

    /// Reads `path` with `inventory.yaml`, `inventory.csv` and `site.yaml` beside it, and tells every mistake in them, not just the first.
    package static func load(
        path: String, secrets: Secrets = .required, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> (settings: AgentSettings, problems: [Problem]) {
        let problems = Problems()
        var loader = SettingsLoader(path: path, secrets: secrets, environment: environment, problems: problems)
        return (loader.load(), problems.all)
    }
}

import Agent
import Campus
import Console
import Definitions
import Evidence
import Foundation
import SNMP
import Testing

struct SettingsTests {
    @Test func `only the site's name must be said`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", "site: {name: 示范职业学院}\n")
        let (settings, told) = folder.load()
        #expect(told == [])
        #expect(settings.site.name == "示范职业学院")
        #expect(settings.site.timeZone == "Asia/Shanghai")
        #expect(settings.polling.interval == .seconds(60))
        #expect(settings.console?.port == 8642)
        #expect(settings.databasePath == "/var/lib/campanile/campanile.db")
    }

    @Test func `every key that formats name is understood`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("community", "bell-tower\n")
        try folder.write(
            "campanile.yaml",
            """
            site: {name: 示范职业学院, code: "3400000000", timezone: Asia/Urumqi, language: en}
            credentials:
              campus-v3: {snmp: 3, user: campanile, auth: SHA-256, auth_secret: "file:community", priv: AES-128, priv_secret: "file:community"}
              legacy: {snmp: 2c, community: "file:community"}
            devices:
              - {address: 10.1.1.2, name: core-1, layer: core, place: 图书馆/机房, owner: 网络中心, credential: campus-v3}
              - {address: "2001:db8::2", port: 1161, credential: legacy, tags: [a, b], watch: [ge1], management_zone: true}
            polling: {interval: 30s, sensors: 2m, topology: 2h}
            capture:
              - {interface: eth1, analysers: 1, snaplen: 256, filter: "not port 22", ring: 8MiB}
            listen: {console: "[::1]:8643", traps: "0.0.0.0:162", syslog: "0.0.0.0:514"}
            store: {path: data, keep: {samples: 7d, five_minutes: 30d, hours: 400d, alerts: 180d, logs: 180d, flows: 180d}}
            alerts: {log: alerts.jsonl}
            rules: {disable: [{id: ops.interface.errors, reason: 改造中, until: 2026-12-31}], set: {ops.interface.saturated: {warn: 70}}}
            notify: []
            log: {level: debug}
            """)
        let (settings, told) = folder.load()
        #expect(told == [])
        #expect(settings.credentials["campus-v3"]?.securityLevel == "authPriv")
        #expect(settings.credentials["legacy"]?.community.revealed == "bell-tower")
        #expect(settings.devices.map(\.name) == ["core-1", "2001:db8::2"])
        #expect(settings.devices[1].port == 1161)
        #expect(settings.devices[1].managementZone)
        #expect(settings.captures.first?.ringBytes == 8 << 20)
        #expect(settings.console?.host == "::1")
        #expect(settings.evidence.samples == .days(7))
        #expect(settings.storeDirectory == folder.path + "/data")
        #expect(settings.alertLogPath == folder.path + "/alerts.jsonl")
        #expect(settings.profile.places.map(\.building) == ["图书馆"])
    }

    @Test func `a misspelt key is told with the nearest right one`() throws {
        #expect(
            try ConfigurationFolder.told(
                """
                site: {name: a, timzone: UTC}
                devises:
                  - {address: 10.0.0.1}
                polling: {intervall: 60s}
                """) == [
                    "campanile.yaml:1:17: unknown key `timzone`: did you mean `timezone`?",
                    "campanile.yaml:4:11: unknown key `intervall`: did you mean `interval`?",
                    "campanile.yaml:2:1: unknown key `devises`: did you mean `devices`?",
                ])
    }

    @Test func `a misspelt key of a credential is told with the nearest right one`() throws {
        #expect(
            try ConfigurationFolder.told("site: {name: a}\ncredentials: {old: {snmp: 2c, comunity: x}}\n") == [
                "campanile.yaml:2:20: `community` is missing: add `community: \"file:PATH\"`",
                "campanile.yaml:2:31: unknown key `comunity`: did you mean `community`?",
            ])
    }

    @Test func `all mistakes are told at once, each in its place`() throws {
        #expect(
            try ConfigurationFolder.told(
                """
                site: {name: a, timezone: Mars/Olympus, language: de}
                credentials:
                  old: {snmp: 2c, community: public}
                  new: {snmp: 3, user: u, auth: SHA-265, auth_secret: "file:missing"}
                devices:
                  - {address: 10.1.1.300}
                  - {address: 10.1.1.2, layer: cor, credential: odl}
                  - {address: 10.1.1.2, name: again}
                polling: {interval: 60}
                capture:
                  - {interface: a-name-that-is-too-long, ring: 16MB}
                  - {interface: eth1, filter: "tcp prot 80"}
                listen: {console: 8642}
                store: {keep: {samples: 1h}}
                notify: [{kind: mail}]
                """) == [
                    "campanile.yaml:1:27: `Mars/Olympus` is no time zone: write an IANA name such as Asia/Shanghai",
                    "campanile.yaml:1:51: `language` cannot be `de`: use one of en, zh",
                    "campanile.yaml:3:30: `community` must name where the secret is kept, never the secret itself: write \"file:PATH\" (mode 0600) or \"systemd:NAME\"",
                    "campanile.yaml:4:33: `auth` cannot be `SHA-265`: did you mean `SHA-256`?",
                    "campanile.yaml:4:55: the secret's file missing does not exist or cannot be reached: write the secret there, mode 0600",
                    "campanile.yaml:6:15: `10.1.1.300` is no address of a host: write an IPv4 or IPv6 address",
                    "campanile.yaml:7:32: `layer` cannot be `cor`: did you mean `core`?",
                    "campanile.yaml:7:49: no credential is called `odl`: did you mean `old`?",
                    "campanile.yaml:8:5: `10.1.1.2 port 161` is declared twice, first at campanile.yaml:7: keep one of them, or give it another name",
                    "campanile.yaml:9:21: `interval` must be a time span: write a number with ms, s, m, h or d, e.g. 60s",
                    "campanile.yaml:11:17: `a-name-that-is-too-long` is no interface name: write a name that `ip link` shows",
                    "campanile.yaml:11:48: `ring` must be a size: write e.g. 16MiB",
                    "campanile.yaml:12:31: `filter`: can't parse filter expression: syntax error: write it as pcap-filter(7) says",
                    "campanile.yaml:13:19: `8642` is no address with a port: write e.g. \"127.0.0.1:8642\", \"[::1]:8642\" or off",
                    "campanile.yaml:14:25: `samples` is less than a day: write a time span of 1d or more",
                    "campanile.yaml:15:10: this version tells alerts to the alert log and the console alone: leave `notify: []`",
                ])
    }

    @Test func `a secret that others can read is refused, and never repeated`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("community", "bell-tower", mode: 0o644)
        try folder.write("campanile.yaml", "site: {name: a}\ncredentials: {old: {snmp: 2c, community: \"file:community\"}}\n")
        let (settings, told) = folder.load()
        #expect(told.count == 1)
        #expect(told.first?.contains("others can read") == true)
        #expect(told.first?.hasSuffix("chmod 600 \(folder.path)/community".replacing(folder.path + "/", with: "")) == true)
        #expect(!"\(settings)".contains("bell-tower"))
    }

    @Test func `systemd's credentials are read where it hands them out, and only missed when the daemon needs them`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", "site: {name: a}\ncredentials: {old: {snmp: 2c, community: \"systemd:snmp\"}}\n")
        #expect(folder.load(.checked).told == [])
        #expect(folder.load(.required).told.count == 1)
        try folder.write("snmp", "bell-tower\n", mode: 0o440)
        let (settings, told) = folder.load(.required, environment: ["CREDENTIALS_DIRECTORY": folder.path])
        #expect(told == [])
        #expect(settings.credentials["old"]?.community.revealed == "bell-tower")
    }

    @Test func `a file that is no YAML, empty or absent is told, not crashed over`() throws {
        #expect(
            try ConfigurationFolder.told("").first == "campanile.yaml:1:1: the file is empty: write at least `site: {name: …}`")
        #expect(try ConfigurationFolder.told("site: {name: a").count == 1)
        #expect(try ConfigurationFolder.told("- a\n- b\n").first?.contains("expected a mapping") == true)
        #expect(try ConfigurationFolder().load().told.first?.contains("cannot be read") == true)
    }

    @Test func `the example configuration runs as it is`() throws {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .path()
        let (settings, problems) = AgentSettings.load(path: top + "/Configuration/campanile.yaml", environment: [:])
        #expect(problems.map(\.description) == [])
        #expect(settings.devices.count == 1)
        #expect(settings.profile.zones.map(\.id) == ["management", "servers", "students"])
    }
}

import Campus
import Foundation
import Testing

@testable import Evidence

struct StoreTests {
    private let core = DeviceID("aa")

    private func declared(_ temporary: TemporaryStore) throws {
        let device = DeclaredDevice(
            address: IPAddress(v4: 0x0a01_0102), name: "core-1", layer: .core, place: "图书馆/机房", watch: ["Gi2"])
        try temporary.store.declare(
            places: [Place(id: "图书馆/机房", campus: "东校区")], owners: [Owner(id: "网络中心")], devices: [(core, device)],
            exits: [CampusExit(id: "cernet", device: core, interface: "Gi1", provider: "CERNET", contractedDown: 1_000_000_000)],
            systems: [InformationSystem(id: "jwxt", name: "教务系统", level: 2)],
            calendar: [CalendarEntry(kind: .term, start: midnight, end: midnight.after(86_400))],
            settings: ["site.name": "示范职业学院"])
    }

    private func fullPoll(at: Timestamp) -> DevicePoll {
        var full = poll(core, at: at, interfaces: 3)
        var report = DeviceReport()
        report.facts.version = "V200R019"
        report.interfaces = (1...3).map { Interface(index: $0, name: "Gi\($0)", type: "ethernetCsmacd") }
        full.report = report
        full.sensors = [
            SensorReading(sensorClass: .load, name: "UPS load", value: 41.5, oid: "1.3.6.1.2.1.33.1.4.4.1.5.1"),
            SensorReading(sensorClass: .state, name: "Fan 1", state: .ok, raw: 1, text: "normal", oid: "1.3.6.1.4.1.2011.5"),
        ]
        full.gauges = [
            Gauge(kind: .memory, name: "RAM", usedPercent: 50, usedBytes: 512, totalBytes: 1024, oid: "1.3.6.1.2.1.25.2.3.1.6.1")
        ]
        full.latency = .microseconds(1234)
        return full
    }

    @Test func `the tables of the reference have the columns it promises`() throws {
        let temporary = try TemporaryStore()
        let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Documentation/reference/evidence.md").standardizedFileURL
        let text = try String(contentsOf: reference, encoding: .utf8)
        var seen = 0
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let tables = cells[0].split(separator: "`").map(String.init).filter { $0.first?.isLetter == true }
            // What stands in brackets explains; the words in back quotes outside of them are columns.
            let plain = cells[1].replacing(/\([^)]*\)/, with: "")
            let columns = plain.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
                .map { "\"\($0.element)\"" }
            for table in tables {
                #expect(throws: Never.self) {
                    try temporary.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table) LIMIT 1")
                }
                seen += 1
            }
        }
        #expect(seen == 47)
    }

    @Test func `a poll is seen at once in every view`() throws {
        let temporary = try TemporaryStore()
        try declared(temporary)
        try temporary.store.record([fullPoll(at: midnight)])
        #expect(
            try temporary.rows(
                "SELECT device, device_name, layer, name, uplink, exit, oper, speed_bps, in_bps, utilisation, in_ucast_s FROM interface_rate WHERE idx = 1"
            ) == [
                ["aa", "core-1", "core", "Gi1", 1, "cernet", "up", 1_000_000_000, 1000, 0.0001, nil]
            ])
        #expect(try temporary.rows("SELECT idx, uplink FROM interface ORDER BY idx") == [[1, 1], [2, 1], [3, 0]])
        #expect(
            try temporary.rows("SELECT name, value, state, raw, text FROM sensor_now ORDER BY name") == [
                ["Fan 1", nil, "ok", 1, "normal"], ["UPS load", 41.5, nil, nil, nil],
            ])
        #expect(try temporary.rows("SELECT used_percent, used_bytes, total_bytes FROM gauge_now") == [[50, 512, 1024]])
        #expect(try temporary.rows("SELECT state, latency_ms, snmp_version FROM device_now") == [["up", 1.234, "2c"]])
        #expect(
            try temporary.rows(
                "SELECT metric, value FROM reading WHERE device = 'aa' AND metric NOT LIKE '%bps' AND metric <> 'oper' AND metric NOT LIKE '%errors%' ORDER BY metric, value"
            ) == [
                ["latency_ms", 1.234], ["used_percent", 50], ["value", 1], ["value", 41.5],
            ])
        #expect(
            try temporary.value("SELECT value FROM reading WHERE subject = 'device/aa/sensor/load/1.3.6.1.2.1.33.1.4.4.1.5.1'")
                == 41.5)
        #expect(try temporary.value("SELECT value FROM setting WHERE key = 'site.name'") == "示范职业学院")
    }

    @Test func `interface_now tells since when`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([poll(at: midnight)])
        var down = poll(at: midnight.after(60))
        down.rates[0].oper = .down
        try temporary.store.record([down])
        #expect(
            try temporary.rows("SELECT idx, oper, since FROM interface_now ORDER BY idx") == [
                [1, "down", .integer(midnight.after(60).milliseconds)], [2, "up", .integer(midnight.milliseconds)],
            ])
        #expect(
            try temporary.rows("SELECT subject, what, before, after FROM change") == [
                ["device/aa/interface/1", "oper", "up", "down"]
            ])
    }

    @Test func `changes of state, facts, reboots and interfaces are events`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([fullPoll(at: midnight)])
        var later = fullPoll(at: midnight.after(60))
        later.report?.facts.version = "V200R021"
        later.report?.interfaces.removeLast()
        later.report?.interfaces.append(Interface(index: 9, name: "Gi9"))
        later.uptime = 3
        try temporary.store.record([later])
        try temporary.store.record([poll(core, at: midnight.after(120), state: .down)])
        #expect(
            try temporary.rows("SELECT what, before, after FROM change ORDER BY what") == [
                ["interface-added", nil, "Gi9"], ["interface-removed", "Gi3", nil], ["reboot", "1000", "3"],
                ["state", "up", "down"],
                ["version", "V200R019", "V200R021"],
            ])
        #expect(
            try temporary.rows("SELECT state, since, seen_at, polled_at FROM device_now") == [
                [
                    "down", .integer(midnight.after(120).milliseconds), .integer(midnight.after(60).milliseconds),
                    .integer(midnight.after(120).milliseconds),
                ]
            ])
    }

    @Test func `sysUpTime that wrapped after 497 days is no reboot`() throws {
        let temporary = try TemporaryStore()
        var before = poll(at: midnight)
        before.uptime = 42_949_672.96 - 20
        var after = poll(at: midnight.after(60))
        after.uptime = 40
        try temporary.store.record([before, after])
        #expect(try temporary.value("SELECT count(*) FROM change WHERE what = 'reboot'") == 0)
    }

    @Test func `rates go on after a restart`() throws {
        let directory = try TemporaryStore.makeDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("campanile.db").path
        let first = try EvidenceStore(path: path, settings: EvidenceSettings(), logger: .silent)
        try first.record([fullPoll(at: midnight)])
        try first.close()
        let second = try EvidenceStore(path: path, settings: EvidenceSettings(), logger: .silent)
        let last = try #require(try second.lastSamples(core))
        #expect(last.at == midnight)
        #expect(last.uptime == 1000)
        #expect(last.samples.map(\.index) == [1, 2, 3])
        #expect(last.samples[1][.inOctets] == 2_000_000)
        #expect(last.samples[1][.outOctets] == nil)
        // The chain of rows and the numbers of sensors go on too.
        try second.record([fullPoll(at: midnight.after(60))])
        #expect(try second.select("SELECT count(*) FROM reading WHERE device = 'aa' AND metric = 'value'").rows == [[4]])
        #expect(try second.select("SELECT count(*) FROM sensor").rows == [[2]])
        #expect(try second.select("SELECT up_ms, polls FROM availability_hour").rows == [[60_000, 2]])
        try second.close()
    }

    @Test func `a provisional device takes its evidence along when it gets its name`() throws {
        let temporary = try TemporaryStore()
        try declared(temporary)
        try temporary.store.record([fullPoll(at: midnight)])
        try temporary.store.renameDevice(core, to: DeviceID("engine-1"))
        try temporary.store.record([poll(DeviceID("engine-1"), at: midnight.after(60), interfaces: 3)])
        #expect(try temporary.rows("SELECT id, name, declared FROM device") == [["engine-1", "core-1", 1]])
        #expect(
            try temporary.rows(
                "SELECT DISTINCT subject FROM reading WHERE metric = 'in_bps' AND t = \(midnight.milliseconds) ORDER BY 1 LIMIT 1"
            ) == [["device/engine-1/interface/1"]])
        #expect(try temporary.rows("SELECT device FROM exit") == [["engine-1"]])
        #expect(try temporary.store.knownDevices().map(\.id) == [DeviceID("engine-1")])
    }

    @Test func `a device known from before takes the declaration over`() throws {
        let temporary = try TemporaryStore()
        let old = DeviceID("engine-1")
        try temporary.store.record([fullPoll(at: midnight)])
        try temporary.store.renameDevice(core, to: old)
        try declared(temporary)
        try temporary.store.record([poll(core, at: midnight.after(60))])
        try temporary.store.renameDevice(core, to: old)
        #expect(try temporary.rows("SELECT id, name, declared FROM device") == [["engine-1", "core-1", 1]])
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'used_percent'") == 1)
        // What is left of the provisional one never becomes a stranger's.
        try temporary.store.record([poll(DeviceID("zz"), at: midnight.after(120), interfaces: 1)])
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE device = 'zz' AND metric = 'in_bps'") == 1)
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'in_bps'") == 4)
    }

    @Test func `a clock that steps back loses no sample and corrupts no key`() throws {
        let temporary = try TemporaryStore()
        for minute in 0..<30 { try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60), interfaces: 1)]) }
        for minute in 10..<90 { try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60), interfaces: 1)]) }
        #expect(try temporary.value("SELECT count(*) FROM sample_recent") == 110)
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE device = 'aa' AND metric = 'in_bps'") == 110)
        try temporary.maintain(at: midnight.after(4000))
        // An hour that was closed is opened again by a sample from the past, and closed with it.
        try temporary.store.record([poll(at: midnight.after(30), interfaces: 1)])
        try temporary.maintain(at: midnight.after(4000))
        #expect(
            try temporary.value("SELECT count FROM reading_hour WHERE metric = 'in_bps' AND t = \(midnight.milliseconds)") == 81)
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'in_bps'") == 111)
        // A clock that went mad is left out and nothing breaks.
        try temporary.store.record([
            poll(at: Timestamp(milliseconds: .max)), poll(at: Timestamp(milliseconds: -5)), poll(at: Timestamp(milliseconds: 0)),
        ])
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'in_bps'") == 113)
    }

    @Test func `beats fill the hour, and what is missing is a gap`() throws {
        let temporary = try TemporaryStore()
        for second in stride(from: Int64(3590), through: 3610, by: 5) { try temporary.store.beat(at: midnight.after(second)) }
        try temporary.store.beat(at: midnight.after(3700))
        try temporary.store.beat(at: midnight.after(3690))
        try temporary.store.beat(at: midnight.after(3695))
        #expect(
            try temporary.rows("SELECT t, running_ms FROM agent_hour ORDER BY t") == [
                [.integer(midnight.milliseconds), 10_000], [.integer(midnight.after(3600).milliseconds), 15_000],
            ])
        #expect(
            try temporary.rows(#"SELECT kind, start, "end" FROM gap ORDER BY id"#) == [
                ["agent", .integer(midnight.after(3610).milliseconds), .integer(midnight.after(3700).milliseconds)],
                ["clock", .integer(midnight.after(3690).milliseconds), .integer(midnight.after(3700).milliseconds)],
            ])
    }

    @Test func `traffic is added up by the hour`() throws {
        let temporary = try TemporaryStore()
        for minute in 0..<2 {
            var summary = TrafficMinute(interface: "eth1", start: midnight.after(Int64(minute) * 60))
            summary.bytes = 100
            summary.talkers = [TrafficMinute.Talker(address: IPAddress(v4: 1), bytesIn: 10, bytesOut: 20, packets: 3, flows: 1)]
            summary.services = [TrafficMinute.Service(protocolNumber: 6, port: 443, bytes: 100, packets: 5, flows: 1)]
            summary.names = [TrafficMinute.Name(source: "dns", name: "example.edu.cn", clients: 2, sessions: 4)]
            try temporary.store.record(summary)
        }
        #expect(try temporary.value("SELECT count(*) FROM traffic_minute") == 2)
        #expect(try temporary.rows("SELECT address, bytes_in, bytes_out FROM talker_hour") == [["0.0.0.1", 20, 40]])
        #expect(try temporary.rows("SELECT protocol, port, bytes FROM protocol_hour") == [[6, 443, 200]])
        #expect(try temporary.rows("SELECT clients, sessions FROM name_hour") == [[2, 8]])
    }

    @Test func `old evidence goes by its kind, a batch at a time`() throws {
        var settings = EvidenceSettings()
        settings.samples = .seconds(7200)
        settings.fiveMinutes = .seconds(14_400)
        settings.alerts = .seconds(3600)
        let temporary = try TemporaryStore(settings: settings)
        for minute in 0..<480 { try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60), interfaces: 1)]) }
        try temporary.store.record(
            observations: (0..<5000).map { second in
                Observation(observationClass: "port_scan", severity: .medium, at: midnight.after(second), firstAt: midnight)
            })
        try temporary.maintain(at: midnight.after(8 * 3600 + 400))
        #expect(try temporary.value("SELECT count(*) FROM chunk") == 2)
        #expect(try temporary.value("SELECT count(*) FROM rollup_5m") == 4)
        #expect(try temporary.value("SELECT count(*) FROM rollup_hour") == 8)
        #expect(try temporary.value("SELECT count(*) FROM observation") == 0)
    }
}

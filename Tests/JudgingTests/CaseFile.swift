import Campus
import Definitions
import Evidence
import Foundation

/// `Cases/<rule id>/case.yaml`: evidence step by step, and what the rule must say after each.
struct CaseFile {
    struct Step {
        var after: Duration
        var polls: [DevicePoll] = []
        /// What the map says of ports.
        var map = CampusMap()
        var observations: [Observation] = []
        var traps: [TrapRecord] = []
        var captures: [(accounting: CaptureAccounting, state: CaptureState, reason: String)] = []
        var runs: [RuleRun] = []
        var expect: [String: String] = [:]
        var alerts: [String: String]?
    }

    static let folder = Workbench.repository.appending(path: "Tests/RulesTests/Cases")

    let rule: String
    var start = Workbench.monday
    var devices: [(id: DeviceID, declared: DeclaredDevice)] = []
    var settings: [String: String] = [:]
    var steps: [Step] = []

    static func all() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    init(rule: String) throws {
        self.rule = rule
        let problems = Problems()
        let path = Self.folder.appending(path: "\(rule)/case.yaml").path
        guard let document = DefinitionFiles.documents(of: path, problems: problems).first else { throw problems.all[0] }
        let reader = Reader(document, problems)
        _ = reader.requiredString("origin")
        if let hours = reader.duration("later") { start = start + hours }
        for element in reader.list("devices") { devices.append(Self.device(Reader(element, problems))) }
        for (name, text, _, _) in reader.scalars("settings") { settings[name] = text }
        var time = start
        for element in reader.list("steps") {
            let step = Self.step(Reader(element, problems), at: &time)
            steps.append(step)
        }
        reader.finish()
        if let problem = problems.all.first { throw problem }
    }

    private static func device(_ reader: Reader) -> (id: DeviceID, declared: DeclaredDevice) {
        defer { reader.finish() }
        let device = DeclaredDevice(
            address: reader.string("address").flatMap { IPAddress($0) } ?? IPAddress(v4: 0), name: reader.string("name"),
            layer: reader.choice("layer"), place: reader.string("place"), credential: reader.string("credential"),
            tags: reader.strings("tags"), watch: reader.strings("watch"), managementZone: reader.bool("management_zone") ?? false)
        return (DeviceID(reader.string("id") ?? ""), device)
    }

    private static func step(_ reader: Reader, at time: inout Timestamp) -> Step {
        defer { reader.finish() }
        var step = Step(after: reader.duration("after") ?? .zero)
        time = time + step.after
        let now = time
        step.polls = reader.list("polls").map { poll(Reader($0, reader.problems), now, &step.map) }
        step.observations = reader.list("observations").map { observation(Reader($0, reader.problems), now) }
        step.traps = reader.list("traps").map { trap(Reader($0, reader.problems), now) }
        step.captures = reader.list("captures").map { capture(Reader($0, reader.problems), now) }
        step.runs = reader.list("runs").map { element in
            let run = Reader(element, reader.problems)
            defer { run.finish() }
            return RuleRun(
                rule: run.string("rule") ?? "", at: now - (run.duration("ago") ?? .zero), duration: .zero,
                error: run.string("error"))
        }
        for (name, text, _, _) in reader.scalars("expect") { step.expect[name] = text }
        if reader.has("alerts") {
            step.alerts = Dictionary(reader.scalars("alerts").map { ($0.name, $0.text) }) { first, _ in first }
        }
        return step
    }

    private static func trap(_ reader: Reader, _ now: Timestamp) -> TrapRecord {
        defer { reader.finish() }
        var trap = TrapRecord(
            at: now - (reader.duration("ago") ?? .zero), device: reader.string("device").map { DeviceID($0) },
            source: reader.string("source").flatMap { IPAddress($0) } ?? IPAddress(v4: 0),
            identifier: reader.string("oid").flatMap { ObjectIdentifier($0) } ?? "1.3", name: reader.string("name") ?? "",
            severity: reader.choice("severity") ?? .info, version: "2c", detail: reader.string("detail") ?? "")
        trap.title = reader.texts("title") ?? ("", "")
        return trap
    }

    private static func poll(_ reader: Reader, _ now: Timestamp, _ map: inout CampusMap) -> DevicePoll {
        defer { reader.finish() }
        var poll = DevicePoll(
            device: DeviceID(reader.string("device") ?? ""), startedAt: now - (reader.duration("ago") ?? .zero),
            interval: reader.duration("interval") ?? .seconds(60), state: reader.choice("state") ?? .up)
        poll.reason = reader.string("reason") ?? ""
        poll.snmpVersion = reader.string("version") ?? ""
        poll.securityLevel = reader.string("level") ?? ""
        let interfaces = reader.list("interfaces").map { element in
            let entry = Reader(element, reader.problems)
            let role = entry.choice("role", PortRole.self)
            let interface = interface(entry)
            if let role { map.roles[poll.device, default: [:]][interface.interface.index] = role }
            return interface
        }
        poll.sensors = reader.list("sensors").map { sensor(Reader($0, reader.problems)) }
        poll.samples = interfaces.map(\.sample)
        poll.rates = interfaces.map(\.rate)
        var report = DeviceReport()
        report.interfaces = interfaces.map(\.interface)
        report.samples = poll.samples
        report.sensors = poll.sensors
        if poll.state == .up { poll.report = report }
        return poll
    }

    private static func interface(_ reader: Reader) -> (interface: Interface, sample: InterfaceSample, rate: InterfaceRate) {
        defer { reader.finish() }
        let index = UInt32(reader.integer("index", in: 1...1000) ?? 1)
        let statuses = Dictionary(uniqueKeysWithValues: InterfaceStatus.allCases.map { ($0.name, $0) })
        var interface = Interface(index: index, name: reader.string("name") ?? "", alias: reader.string("alias") ?? "")
        interface.admin = statuses[reader.string("admin") ?? "up"]
        interface.oper = statuses[reader.string("oper") ?? "up"]
        interface.speed = reader.integer("speed", in: 0...1_000_000_000_000).map(UInt64.init) ?? 1_000_000_000
        var sample = InterfaceSample(index: index)
        var rate = InterfaceRate(index: index)
        (sample.admin, sample.oper) = (interface.admin ?? .unknown, interface.oper ?? .unknown)
        (rate.admin, rate.oper, rate.speed) = (sample.admin, sample.oper, interface.speed ?? 0)
        sample.speed = rate.speed
        let counters: [(String, InterfaceCounter)] = [
            ("in_bps", .inOctets), ("out_bps", .outOctets), ("in_ucast", .inUcastPackets), ("out_ucast", .outUcastPackets),
            ("in_errors", .inErrors), ("out_errors", .outErrors), ("in_discards", .inDiscards), ("out_discards", .outDiscards),
        ]
        for (key, counter) in counters { rate[counter] = reader.double(key) }
        return (interface, sample, rate)
    }

    private static func sensor(_ reader: Reader) -> SensorReading {
        defer { reader.finish() }
        let oid = reader.string("oid").flatMap { ObjectIdentifier($0) } ?? ObjectIdentifier([1, 3])
        var reading = SensorReading(sensorClass: reader.choice("class") ?? .load, name: reader.string("name") ?? "", oid: oid)
        reading.value = reader.double("value")
        reading.text = reader.string("text")
        reading.state = reader.choice("state")
        return reading
    }

    private static func observation(_ reader: Reader, _ now: Timestamp) -> Observation {
        defer { reader.finish() }
        let at = now - (reader.duration("ago") ?? .zero)
        return Observation(
            observationClass: reader.string("class") ?? "", severity: .medium, at: at, firstAt: at,
            source: reader.string("source").flatMap { IPAddress($0) },
            destination: reader.string("destination").flatMap { IPAddress($0) },
            port: reader.integer("port", in: 0...65_535).map(UInt16.init),
            sourceMAC: reader.string("mac").flatMap { UInt64($0.replacing(":", with: ""), radix: 16) }.map {
                MACAddress(value: $0)
            },
            count: reader.integer("count", in: 0...1_000_000) ?? 1, detail: reader.string("detail") ?? "", interface: "eth1")
    }

    private static func capture(_ reader: Reader, _ now: Timestamp) -> (CaptureAccounting, CaptureState, String) {
        defer { reader.finish() }
        var accounting = CaptureAccounting(
            interface: reader.string("interface") ?? "eth1", at: now - (reader.duration("ago") ?? .zero))
        accounting.received = UInt64(reader.integer("received", in: 0...1_000_000_000) ?? 0)
        accounting.kernelDropped = UInt64(reader.integer("kernel_dropped", in: 0...1_000_000_000) ?? 0)
        accounting.ringDropped = UInt64(reader.integer("ring_dropped", in: 0...1_000_000_000) ?? 0)
        return (accounting, reader.choice("state") ?? .running, reader.string("reason") ?? "")
    }
}

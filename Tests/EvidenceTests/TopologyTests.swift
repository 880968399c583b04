import Campus
import Evidence
import Testing

private let core = DeviceID("core")
private let access = DeviceID("access")

/// A full poll of `core`, with what devices say of their surroundings.
private func full(_ device: DeviceID = core, at: Timestamp, _ body: (inout DeviceReport) -> Void = { _ in }) -> DevicePoll {
    var poll = poll(device, at: at)
    var report = DeviceReport()
    report.facts.name = device.text
    report.interfaces = (1...2).map { Interface(index: $0, name: "Gi0/\($0)", type: "ethernetCsmacd") }
    body(&report)
    poll.report = report
    return poll
}

private func neighbor(_ name: String, port: UInt32 = 1, remotePort: String = "Gi0/8") -> Neighbor {
    var neighbor = Neighbor(discoveryProtocol: "lldp")
    neighbor.localIndex = port
    neighbor.localInterface = "Gi0/\(port)"
    neighbor.remoteName = name
    neighbor.remotePort = remotePort
    neighbor.remoteChassis = "00:11:22:33:44:55"
    neighbor.capabilities = ["bridge"]
    return neighbor
}

private func host(_ number: UInt64, at device: DeviceID = core, port: UInt32 = 1, vlan: Int? = 10) -> HostPlace {
    HostPlace(mac: MACAddress(value: 0x22_0000_0000 + number), vlan: vlan, device: device, index: port, isExact: true)
}

private func map(_ hosts: [HostPlace] = [], links: [Link] = [], roles: [UInt32: PortRole] = [:]) -> CampusMap {
    var map = CampusMap()
    map.hosts = hosts
    map.links = links
    if !roles.isEmpty { map.roles = [core: roles] }
    return map
}

struct TopologyTests {
    @Test func `what a report says of its surroundings comes back as it was`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.declare(devices: [(core, DeclaredDevice(address: IPAddress(v4: 0xc000_0201), name: "core-1"))])
        var point = AccessPoint(oid: "1.3.6.1.4.1.99999.1.7")
        point.name = "ap-7"
        point.mac = MACAddress(value: 0x33_0000_0001)
        point.clients = 12
        var optic = Transceiver(interfaceIndex: 1)
        optic.serial = "X1"
        let poll = full(at: midnight) { report in
            report.neighbors = [neighbor("access-1")]
            report.addresses = [InterfaceAddress(address: IPAddress(v4: 0xc000_0201), prefixLength: 24, interfaceIndex: 1)]
            report.arp = [AddressMapping(address: IPAddress(v4: 0xc000_0263), mac: MACAddress(value: 7), interfaceIndex: 2)]
            report.vlans = [VLAN(id: 10, name: "教学")]
            report.forwarding = [
                ForwardingEntry(mac: MACAddress(value: 9), vlan: 10, interfaceIndex: 2),
                ForwardingEntry(mac: MACAddress(value: 8), interfaceIndex: 1),
                ForwardingEntry(mac: MACAddress(value: 7)),
            ]
            report.accessPoints = [point]
            report.transceivers = [optic]
            report.interfaces[0].aggregate = 2
        }
        try temporary.store.record([poll])
        let stored = try #require(try temporary.store.topologyReports().first)
        #expect(stored.name == "core-1")
        #expect(stored.address == IPAddress(v4: 0xc000_0201))
        #expect(stored.at == midnight)
        #expect(stored.report.neighbors == poll.report?.neighbors)
        #expect(stored.report.addresses == poll.report?.addresses)
        #expect(stored.report.arp == poll.report?.arp)
        #expect(
            Set(stored.report.forwarding) == Set((poll.report?.forwarding ?? []).prefix(2)),
            "an entry without a port says nothing")
        #expect(stored.report.interfaces.map(\.aggregate) == [2, nil])
        #expect(stored.report.interfaces.map(\.oper) == [.up, .up])
        #expect(stored.report.accessPoints.map(\.name) == ["ap-7"])
        #expect(try temporary.rows("SELECT id, name FROM vlan") == [[10, "教学"]])
        #expect(try temporary.rows("SELECT idx, serial FROM transceiver") == [[1, "X1"]])
        #expect(
            try temporary.rows("SELECT subject, clients FROM access_point") == [
                ["device/core/access-point/1.3.6.1.4.1.99999.1.7", 12]
            ])
    }

    @Test func `neighbours that come, go and change are told, the first ones are not`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight) { $0.neighbors = [neighbor("access-1")] }])
        try temporary.store.record([full(at: midnight.after(60)) { $0.neighbors = [neighbor("access-2")] }])
        try temporary.store.record([full(at: midnight.after(120))])
        try temporary.store.record([full(at: midnight.after(180)) { $0.neighbors = [neighbor("access-2")] }])
        #expect(
            try temporary.rows("SELECT subject, what, before, after FROM change ORDER BY id") == [
                ["device/core/interface/1", "rewired", "Gi0/1: access-1 Gi0/8", "Gi0/1: access-2 Gi0/8"],
                ["device/core/interface/1", "neighbor-removed", "Gi0/1: access-2 Gi0/8", nil],
                ["device/core/interface/1", "neighbor-added", nil, "Gi0/1: access-2 Gi0/8"],
            ])
    }

    @Test func `a walk that broke off takes nothing away`() throws {
        let temporary = try TemporaryStore()
        let mapping = AddressMapping(address: IPAddress(v4: 0xc000_0263), mac: MACAddress(value: 7))
        try temporary.store.record([
            full(at: midnight) { report in
                report.neighbors = [neighbor("access-1")]
                report.arp = [mapping]
                report.forwarding = [ForwardingEntry(mac: MACAddress(value: 9), interfaceIndex: 2)]
            }
        ])
        try temporary.store.record([full(at: midnight.after(60)) { $0.errors = ["lldpRemTable: no answer"] }])
        #expect(try temporary.value("SELECT count(*) FROM neighbor") == 1)
        #expect(try temporary.value("SELECT count(*) FROM arp WHERE current") == 1)
        #expect(try temporary.value("SELECT count(*) FROM forwarding") == 1)
        #expect(try temporary.value("SELECT count(*) FROM change") == 0)
    }

    @Test func `an ARP entry that goes keeps its times and goes on when it is back`() throws {
        let temporary = try TemporaryStore()
        let mapping = AddressMapping(address: IPAddress(v4: 0xc000_0263), mac: MACAddress(value: 7))
        try temporary.store.record([full(at: midnight) { $0.arp = [mapping] }])
        try temporary.store.record([full(at: midnight.after(60))])
        let first: EvidenceValue = .integer(midnight.milliseconds)
        #expect(
            try temporary.rows("SELECT address, first_seen, last_seen, current FROM arp") == [["192.0.2.99", first, first, 0]])
        try temporary.store.record([full(at: midnight.after(120)) { $0.arp = [mapping] }])
        #expect(
            try temporary.rows("SELECT first_seen, last_seen, current FROM arp") == [
                [first, .integer(midnight.after(120).milliseconds), 1]
            ])
    }

    @Test func `places of addresses are history: one row a stay`() throws {
        let temporary = try TemporaryStore()
        for device in [core, access] { try temporary.store.record([full(device, at: midnight)]) }
        try temporary.store.record(map([host(1), host(2)]), at: midnight)
        try temporary.store.record(map([host(1), host(2, at: access, port: 2)]), at: midnight.after(3600))
        try temporary.store.record(map([host(1)]), at: midnight.after(7200))
        try temporary.store.record(map([host(1), host(2, at: access, port: 2)]), at: midnight.after(10_800))
        let time = { (seconds: Int64) in EvidenceValue.integer(midnight.after(seconds).milliseconds) }
        #expect(
            try temporary.rows(
                "SELECT mac, device, idx, first_seen, coalesce(last_seen, 0) FROM mac_stay ORDER BY mac, first_seen") == [
                    ["00:22:00:00:00:01", "core", 1, time(0), 0], ["00:22:00:00:00:02", "core", 1, time(0), time(0)],
                    ["00:22:00:00:00:02", "access", 2, time(3600), 0],
                ])
        #expect(try temporary.rows("SELECT mac, subject, current FROM mac_location WHERE current ORDER BY mac").count == 2)
    }

    @Test func `an address that comes back after a week begins a stay anew`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight)])
        for (at, hosts) in [(0, [host(1)]), (60, []), (8 * 86_400, [host(1)])] as [(Int64, [HostPlace])] {
            try temporary.store.record(map(hosts), at: midnight.after(at))
        }
        #expect(try temporary.value("SELECT count(*) FROM mac_stay") == 2)
    }

    @Test func `an address that wanders keeps a bounded past, and the past ends with its time`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight)])
        for round in 0..<100 {
            try temporary.store.record(map([host(1, port: UInt32(round % 2) + 1)]), at: midnight.after(Int64(round) * 60))
        }
        let count = try #require(try temporary.value("SELECT count(*) FROM mac_stay").int64)
        #expect((50...66).contains(count))
        try temporary.maintain(at: midnight.after(181 * 86_400))
        #expect(try temporary.value("SELECT count(*) FROM mac_stay") == 1, "what stands is not old")
    }

    @Test func `a map that says the same writes nothing`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight)])
        let same = map((0..<500).map { host($0) }, roles: [1: .trunk, 2: .access])
        try temporary.store.record(same, at: midnight)
        let before = try temporary.rows("SELECT * FROM mac_stay ORDER BY id")
        try temporary.store.record(same, at: midnight.after(60))
        #expect(try temporary.rows("SELECT * FROM mac_stay ORDER BY id") == before)
    }

    @Test func `links that come and go are told, and their rows stay`() throws {
        let temporary = try TemporaryStore()
        for device in [core, access] { try temporary.store.record([full(device, at: midnight)]) }
        let link = Link(
            a: PortName(device: access, index: 2, name: "Gi0/2"), b: PortName(device: core, index: 1, name: "Gi0/1"),
            source: "forwarding",
            isConfirmed: true)
        let other = Link(
            a: PortName(device: access, index: 1, name: "Gi0/1"), b: PortName(device: core, index: 1, name: "Gi0/1"),
            source: "lldp",
            isConfirmed: false)
        try temporary.store.record(map(links: [link]), at: midnight)
        try temporary.store.record(map(links: [other]), at: midnight.after(60))
        #expect(
            try temporary.rows("SELECT idx, source, confirmed, gone_at IS NULL FROM link ORDER BY id") == [
                [2, "forwarding", 1, 0], [1, "lldp", 0, 1],
            ])
        #expect(
            try temporary.rows("SELECT what, before, after FROM change ORDER BY id") == [
                ["link-added", nil, "access Gi0/1 – core Gi0/1"], ["link-removed", "access Gi0/2 – core Gi0/1", nil],
            ])
    }

    @Test func `roles stay where the map says nothing, mark uplinks, and survive polls`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight)])
        try temporary.store.record(map(roles: [1: .uplink, 2: .camera]), at: midnight)
        try temporary.store.record(map(roles: [2: .access]), at: midnight.after(60))
        try temporary.store.record([full(at: midnight.after(7200))])
        #expect(
            try temporary.rows("SELECT idx, role, uplink FROM interface ORDER BY idx") == [[1, "uplink", 1], [2, "access", 0]])
        #expect(try temporary.rows("SELECT idx, role FROM interface_rate ORDER BY idx") == [[1, "uplink"], [2, "access"]])
    }

    @Test func `ways are kept when a device is cut off`() throws {
        let temporary = try TemporaryStore()
        let declared = [core, access].enumerated().map { ($1, DeclaredDevice(address: IPAddress(v4: 0xc000_0201 + UInt32($0)))) }
        try temporary.store.declare(devices: declared)
        for device in [core, access] { try temporary.store.record([full(device, at: midnight)]) }
        var seen = CampusMap()
        seen.root = core
        seen.paths = [
            core: DevicePath(parent: nil, dependsOn: nil, distance: 0),
            access: DevicePath(parent: core, dependsOn: core, distance: 1),
        ]
        try temporary.store.record(seen, at: midnight)
        var cut = seen
        cut.paths[access] = DevicePath(parent: nil, dependsOn: nil, distance: 0)
        try temporary.store.record(cut, at: midnight.after(60))
        #expect(try temporary.rows("SELECT parent, depends_on FROM device WHERE id = 'access'") == [["core", "core"]])
    }

    @Test func `a version or serial number that changes is told by name`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([full(at: midnight) { $0.facts.serial = "S1" }])
        try temporary.store.record([full(at: midnight.after(60)) { $0.facts.serial = "S2" }])
        #expect(try temporary.rows("SELECT what, before, after FROM change") == [["serial", "S1", "S2"]])
    }
}

struct DiscoveryTests {
    private func found(_ id: String, _ last: UInt32) -> DiscoveredDevice {
        DiscoveredDevice(
            id: DeviceID(id), address: IPAddress(v4: 0xc000_0200 + last), credential: "v3", snmpVersion: "3", name: id,
            facts: DeviceFacts())
    }

    private func sweep(
        _ temporary: TemporaryStore, _ devices: [DiscoveredDevice], at: Int64, covers: (IPAddress) -> Bool = { _ in true }
    ) throws {
        let run = DiscoveryRun(
            at: midnight.after(at), ranges: ["192.0.2.0/24"], duration: .seconds(1), addresses: 254, answered: devices.count)
        try temporary.store.record(devices, of: run, covers: covers)
    }

    @Test func `new, moved, replaced and gone`() throws {
        let temporary = try TemporaryStore()
        try sweep(temporary, [found("a", 1), found("b", 2)], at: 0)
        #expect(try temporary.value("SELECT count(*) FROM change") == 0, "the first sweep is no news")
        try sweep(temporary, [found("a", 1), found("b", 3), found("c", 4)], at: 60)
        try sweep(temporary, [found("x", 1), found("b", 3)], at: 120)
        try sweep(temporary, [found("x", 1), found("b", 3), found("c", 4)], at: 180)
        #expect(
            try temporary.rows("SELECT what, device, before, after FROM change ORDER BY id") == [
                ["moved", "b", "192.0.2.2", "192.0.2.3"], ["new", "c", nil, "c 192.0.2.4"],
                ["replaced", "x", "a", "x 192.0.2.1"], ["gone", "c", "c 192.0.2.4", nil], ["new", "c", nil, "c 192.0.2.4"],
            ])
    }

    @Test func `what a sweep did not ask is not gone`() throws {
        let temporary = try TemporaryStore()
        try sweep(temporary, [found("a", 1), found("b", 2)], at: 0)
        try sweep(temporary, [found("b", 2)], at: 60) { $0 != IPAddress(v4: 0xc000_0201) }
        #expect(try temporary.value("SELECT count(*) FROM change") == 0)
        #expect(try temporary.store.pendingDevices().map(\.name) == ["a", "b"])
    }

    @Test func `what is declared waits no longer, by id or by address`() throws {
        let temporary = try TemporaryStore()
        try sweep(temporary, [found("a", 1), found("b", 2), found("c", 3)], at: 0)
        try temporary.store.declare(devices: [
            (DeviceID("a"), DeclaredDevice(address: IPAddress(v4: 0xc000_0263))),
            (DeviceID("z"), DeclaredDevice(address: IPAddress(v4: 0xc000_0202))),
        ])
        #expect(try temporary.store.pendingDevices() == [found("c", 3)])
        #expect(try temporary.store.lastDiscovery(of: ["192.0.2.0/24"]) == midnight)
        #expect(try temporary.store.lastDiscovery(of: ["10.0.0.0/24"]) == nil)
    }
}

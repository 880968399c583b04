import Campus
import Evidence
import Foundation
import Logging
import Reporting
import Testing

private let noon = Timestamp(seconds: 1_795_262_400)

/// A store with a core, an access switch and a host.
private final class Campus {
    let folder: URL
    let store: EvidenceStore

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("network-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try EvidenceStore(
            path: folder.appendingPathComponent("campanile.db").path, settings: EvidenceSettings(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let devices = [("core", "core-1", "机房", 1), ("access", "access-1", "弱电间", 2)].map { id, name, place, last in
            (
                id: DeviceID(id),
                declared: DeclaredDevice(address: IPAddress(v4: 0xc000_0200 + UInt32(last)), name: name, place: place)
            )
        }
        try store.declare(devices: devices)
        for (id, _) in devices { try poll(id, at: noon) }
        try draw(access: 3, at: noon)
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private func poll(_ id: DeviceID, at: Timestamp) throws {
        var poll = DevicePoll(device: id, startedAt: at, interval: .seconds(60), state: .up)
        var report = DeviceReport()
        report.facts.name = id.text
        report.interfaces = (1...4).map { Interface(index: $0, name: "Gi0/\($0)", alias: $0 == 3 ? "desk" : "") }
        if id.text == "core" {
            report.arp = [AddressMapping(address: IPAddress(v4: 0xc000_0263), mac: MACAddress(value: 0x4c11_ae00_0001))]
            var neighbor = Neighbor(discoveryProtocol: "lldp")
            neighbor.localIndex = 2
            neighbor.localInterface = "Gi0/2"
            neighbor.remoteName = "printer-7"
            neighbor.remoteChassis = "00:99:00:00:00:07"
            report.neighbors = [neighbor]
        }
        poll.report = report
        try store.record([poll])
    }

    func draw(access port: UInt32, at: Timestamp) throws {
        var map = CampusMap()
        map.root = DeviceID("core")
        map.links = [
            Link(
                a: PortName(device: DeviceID("access"), index: 1, name: "Gi0/1"),
                b: PortName(device: DeviceID("core"), index: 1, name: "Gi0/1"),
                source: "lldp", isConfirmed: true)
        ]
        map.paths = [
            DeviceID("core"): DevicePath(parent: nil, dependsOn: nil, distance: 0),
            DeviceID("access"): DevicePath(parent: DeviceID("core"), dependsOn: DeviceID("core"), distance: 1),
        ]
        map.roles = [DeviceID("access"): [1: .uplink, 3: .access]]
        map.hosts = [
            HostPlace(mac: MACAddress(value: 0x4c11_ae00_0001), vlan: 60, device: DeviceID("access"), index: port, isExact: true)
        ]
        try store.record(map, at: at)
    }
}

/// The store goes with its folder; it must outlive the question.
private func find(_ text: String) throws -> Finder.Answer {
    let campus = try Campus()
    return try withExtendedLifetime(campus) { try Finder(campus.store).find(text) }
}

struct FinderTests {
    @Test(arguments: ["4c:11:ae:00:00:01", "4C11-AE00-0001", "192.0.2.99"]) func `a host by MAC and by IP address`(text: String)
        throws
    {
        let campus = try Campus()
        let answer = try Finder(campus.store) { _ in "Hikvision" }.find(text)
        let finding = try #require(answer.findings.first)
        #expect(answer.findings.count == 1)
        #expect(finding.vendor == "Hikvision")
        #expect(finding.mappings.map(\.address) == ["192.0.2.99"])
        let stay = try #require(finding.stays.first)
        #expect([stay.device, stay.port, stay.alias, stay.role, stay.place] == ["access-1", "Gi0/3", "desk", "access", "弱电间"])
        #expect(stay.vlan == 60)
        let said = answer.text(LocalTime(zoneName: "Asia/Shanghai"), now: noon + .seconds(720))
        #expect(
            said == """
                host  4c:11:ae:00:00:01  Hikvision
                  192.0.2.99  ARP of core-1, 12 min ago
                  access-1  Gi0/3  "desk"  VLAN 60  access  弱电间
                    learned by the switch; since 2026-11-21 20:00:00; last seen 2026-11-21 20:00:00 (12 min ago)

                """)
    }

    @Test func `where it was before`() throws {
        let campus = try Campus()
        try campus.draw(access: 4, at: noon + .seconds(3600))
        let stays = try #require(try Finder(campus.store).find("4c11ae000001").findings.first).stays
        #expect(stays.map(\.port) == ["Gi0/4", "Gi0/3"])
        #expect(stays.map(\.isCurrent) == [true, false])
        let text = try Finder(campus.store).find("4c11ae000001").text(LocalTime(zoneName: "UTC"), now: noon + .seconds(3600))
        #expect(text.contains("  before:\n    access-1  Gi0/3"))
    }

    @Test(arguments: ["access-1", "ACCESS", "192.0.2.2"]) func `a device, and the port it hangs at`(text: String) throws {
        let finding = try #require(try find(text).findings.first)
        #expect(finding.what == "device")
        #expect(finding.stays.map { "\($0.device) \($0.port)" } == ["core-1 Gi0/1"])
        #expect(finding.stays.first?.how == "LLDP, to its port Gi0/1")
    }

    @Test(arguments: ["printer-7", "00:99:00:00:00:07"]) func `a neighbour that names itself`(text: String) throws {
        let stay = try #require(try find(text).findings.first?.stays.first)
        #expect("\(stay.device) \(stay.port) \(stay.how)" == "core-1 Gi0/2 names itself by LLDP")
    }

    @Test(arguments: ["02:00:00:00:00:01", "192.0.2.77", "nobody", "%", "'; DROP TABLE device; --", ""]) func `what is not known`(
        text: String
    ) throws {
        let answer = try find(text)
        #expect(answer.findings.isEmpty || text.isEmpty)
        #expect(answer.searched.hasPrefix("2 devices, 1 places"))
    }
}

struct DrawingTests {
    @Test func `a tree from the agent's point of view`() throws {
        let campus = try Campus()
        let drawing = try withExtendedLifetime(campus) { try NetworkDrawing(campus.store) }
        #expect(drawing.text == "core-1  192.0.2.1  机房\n└─ Gi0/1 ── Gi0/1  access-1  192.0.2.2  弱电间\n")
        #expect(drawing.dot.contains(#""access" -- "core" [taillabel="Gi0/1", headlabel="Gi0/1"];"#))
        #expect(drawing.json.serialised().contains(#""parent":"core""#))
    }

    @Test func `links beside the tree, and devices without any`() {
        let nodes = [("a", nil), ("b", "a"), ("c", "a"), ("d", nil)].map {
            NetworkDrawing.Node(id: $0.0, name: $0.0, parent: $0.1)
        }
        var map = CampusMap()
        map.links = [("a", "b"), ("a", "c"), ("b", "c")].map {
            Link(
                a: PortName(device: DeviceID($0.0), index: nil, name: "1"),
                b: PortName(device: DeviceID($0.1), index: nil, name: "2"),
                source: "forwarding", isConfirmed: true)
        }
        for node in nodes {
            map.paths[DeviceID(node.id)] = DevicePath(parent: node.parent.map(DeviceID.init), dependsOn: nil, distance: 0)
        }
        #expect(
            NetworkDrawing(map, nodes: nodes).text == """
                a
                ├─ 1 ── 2 (learned)  b
                └─ 1 ── 2 (learned)  c

                also linked:
                  b 1 ── 2 c  forwarding

                no link known:
                  d

                """)
    }

    @Test func `parents in a circle end, and names cannot move the cursor`() {
        let nodes = [("a", "b"), ("b", "a")].map { NetworkDrawing.Node(id: $0.0, name: "\($0.0)\u{1b}[2J", parent: $0.1) }
        var map = CampusMap()
        map.links = [
            Link(
                a: PortName(device: DeviceID("a"), index: nil, name: "1"),
                b: PortName(device: DeviceID("b"), index: nil, name: "2"),
                source: "lldp", isConfirmed: true)
        ]
        for node in nodes {
            map.paths[DeviceID(node.id)] = DevicePath(parent: node.parent.map(DeviceID.init), dependsOn: nil, distance: 0)
        }
        let text = NetworkDrawing(map, nodes: nodes).text
        #expect(text.contains("a"))
        #expect(!text.contains("\u{1b}"))
    }
}

import Campus
import Topology

/// Builds campuses of plain values: switches with ports, what they learned and whom they see.
struct Building {
    private(set) var devices: [SurveyedDevice] = []

    static let noon = Timestamp(seconds: 1_795_219_200)

    /// A device with ports 1…n whose MACs are 00:11:00:00:NN:PP; its number is its place.
    mutating func add(_ name: String, ports: UInt32 = 8, kind: String = "network", at: Timestamp = noon) {
        let number = UInt64(devices.count)
        var report = DeviceReport()
        report.facts.name = name
        report.facts.kind = kind
        for index in 1...ports {
            var interface = Interface(
                index: index, name: "Gi0/\(index)", description: "GigabitEthernet0/\(index)", type: "ethernetCsmacd")
            interface.mac = Building.mac(number, UInt64(index))
            interface.oper = .up
            report.interfaces.append(interface)
        }
        let address = IPAddress(v4: 0xc000_0200 + UInt32(number) + 1)
        report.addresses = [InterfaceAddress(address: address, prefixLength: 24, interfaceIndex: 1)]
        devices.append(SurveyedDevice(id: DeviceID("d\(number)"), name: name, address: address, report: report, at: at))
    }

    static func mac(_ device: UInt64, _ port: UInt64) -> MACAddress { MACAddress(value: 0x0011_0000_0000 + device << 8 + port) }
    static func host(_ number: UInt64) -> MACAddress { MACAddress(value: 0x0022_0000_0000 + number) }

    /// Both ends see each other by LLDP.
    mutating func lldp(_ a: Int, _ aPort: UInt32, _ b: Int, _ bPort: UInt32) {
        see(a, aPort, b, bPort)
        see(b, bPort, a, aPort)
    }

    /// One end sees the other by LLDP.
    mutating func see(_ a: Int, _ aPort: UInt32, _ b: Int, _ bPort: UInt32) {
        var neighbor = Neighbor(discoveryProtocol: "lldp")
        neighbor.localIndex = aPort
        neighbor.remoteName = devices[b].name
        neighbor.remoteChassis = Building.mac(UInt64(b), 1).description
        neighbor.remotePort = "GigabitEthernet0/\(bPort)"
        neighbor.capabilities = ["bridge"]
        devices[a].report.neighbors.append(neighbor)
    }

    /// A stranger at a port.
    mutating func stranger(_ a: Int, _ aPort: UInt32, name: String, capabilities: [String]) {
        var neighbor = Neighbor(discoveryProtocol: "lldp")
        neighbor.localIndex = aPort
        neighbor.remoteName = name
        neighbor.remoteChassis = "00:99:00:00:00:01"
        neighbor.capabilities = capabilities
        devices[a].report.neighbors.append(neighbor)
    }

    mutating func learn(_ device: Int, _ port: UInt32, _ macs: [MACAddress], vlan: Int? = 1) {
        for mac in macs { devices[device].report.forwarding.append(ForwardingEntry(mac: mac, vlan: vlan, interfaceIndex: port)) }
    }

    mutating func change(_ device: Int, _ body: (inout SurveyedDevice) -> Void) { body(&devices[device]) }

    /// Fills the forwarding tables as frames between all stations of a tree would: `cables` join ports, `stations` hang at one.
    mutating func flood(cables: [(Int, UInt32, Int, UInt32)], stations: [(device: Int, port: UInt32, mac: MACAddress)] = []) {
        for device in devices.indices where devices[device].report.facts.kind == "network" {
            for port in Set(cables.flatMap { [($0.0, $0.1), ($0.2, $0.3)] }.filter { $0.0 == device }.map(\.1)) {
                var seen: Set<Int> = [device]
                var queue = cables.compactMap { cable -> Int? in
                    if cable.0 == device, cable.1 == port { return cable.2 }
                    return cable.2 == device && cable.3 == port ? cable.0 : nil
                }
                while let next = queue.popLast() {
                    guard seen.insert(next).inserted else { continue }
                    learn(device, port, [Building.mac(UInt64(next), 1)])
                    learn(device, port, stations.filter { $0.device == next }.map(\.mac))
                    for cable in cables where cable.0 == next || cable.2 == next { queue += [cable.0, cable.2] }
                }
            }
            for station in stations where station.device == device { learn(device, station.port, [station.mac]) }
        }
    }

    func map(_ viewpoint: Viewpoint = Viewpoint(), settings: SurveySettings = SurveySettings()) -> CampusMap {
        CampusMap(devices, from: viewpoint, settings: settings)
    }

    /// The host that watches hangs at this port's device.
    func seen(from device: Int) -> Viewpoint {
        var viewpoint = Viewpoint()
        viewpoint.addresses = [devices[device].address].compactMap { $0 }
        return viewpoint
    }
}

extension CampusMap {
    /// `d0:1-d1:8`, the aggregation or port index of each end, `?` where it is not known.
    var wires: [String] {
        links.map { "\($0.a.device):\($0.a.index.map(String.init) ?? "?")-\($0.b.device):\($0.b.index.map(String.init) ?? "?")" }
            .sorted()
    }

    func place(of mac: MACAddress) -> String? {
        hosts.first { $0.mac == mac }.map { "\($0.device):\($0.index)\($0.isExact ? "" : "…")" }
    }

    func role(_ device: Int, _ port: UInt32) -> PortRole? { roles[DeviceID("d\(device)")]?[port] }
}

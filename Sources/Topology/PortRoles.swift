import Campus

/// What each port is there for, told from what hangs on it. A port that is down keeps what was known of it: nothing is said.
struct PortRoles {
    private var uplinks: Set<PortKey> = []
    private var linked: [PortKey: [Int]] = [:]
    private var strangers: [PortKey: [Neighbor]] = [:]
    private var hosts: [PortKey: [MACAddress]]
    private var between: Set<PortKey>
    private var radios: Set<MACAddress> = []
    private let settings: SurveySettings

    init(
        _ index: DeviceIndex, _ links: [Ends], _ neighbors: NeighborLinks, _ places: HostPlaces, _ paths: PathFinder,
        settings: SurveySettings
    ) {
        self.settings = settings
        for ends in links {
            for (device, port, other) in [(ends.a, ends.aPort, ends.b), (ends.b, ends.bPort, ends.a)] {
                guard let port else { continue }
                linked[PortKey(device: device, port: index.canonical(device, port)), default: []].append(other)
            }
        }
        // All links to the parent are uplinks, not only the one that the way was found by.
        for (port, others) in linked {
            if let parent = paths.parents[port.device], others.contains(parent.device) { uplinks.insert(port) }
        }
        for (port, found) in neighbors.strangers(by: index) {
            strangers[PortKey(device: port.device, port: index.canonical(port.device, port.port)), default: []] += found
        }
        hosts = places.byPort()
        between = places.between
        var addresses: Set<IPAddress> = []
        for device in index.devices {
            for point in device.report.accessPoints {
                if let mac = point.mac { radios.insert(mac) }
                if let address = point.address { addresses.insert(address) }
            }
        }
        guard !addresses.isEmpty else { return }
        for device in index.devices {
            for entry in device.report.arp where addresses.contains(entry.address) { radios.insert(entry.mac) }
        }
    }

    func roles(_ index: DeviceIndex) -> [DeviceID: [UInt32: PortRole]] {
        var all: [DeviceID: [UInt32: PortRole]] = [:]
        for (number, device) in index.devices.enumerated() {
            var roles: [UInt32: PortRole] = [:]
            for interface in device.report.interfaces where interface.oper != .down && interface.oper != .lowerLayerDown {
                let port = index.canonical(number, interface.index)
                let role = role(PortKey(device: number, port: port), index)
                if let role, role != .access || !index.isAggregate(number, interface.index) {
                    roles[interface.index] = role
                } else if index.isAggregate(number, interface.index) {
                    roles[interface.index] = .lag
                }
            }
            if !roles.isEmpty { all[device.id] = roles }
        }
        return all
    }

    private func role(_ port: PortKey, _ index: DeviceIndex) -> PortRole? {
        if uplinks.contains(port) { return .uplink }
        var found: Set<PortRole> = []
        for other in linked[port] ?? [] { found.insert(Self.role(to: index.devices[other])) }
        if between.contains(port) { found.insert(.trunk) }
        for neighbor in strangers[port] ?? [] { found.insert(Self.role(to: neighbor)) }
        let macs = hosts[port] ?? []
        if macs.contains(where: radios.contains) { found.insert(.accessPoint) }
        if macs.count > settings.manyAddresses, !found.contains(.accessPoint) { found.insert(.trunk) }
        if (1...4).contains(macs.count), let role = macs.lazy.compactMap(settings.vendors.role).first { found.insert(role) }
        if !macs.isEmpty { found.insert(.access) }
        return PortRole.allCases.first(where: found.contains)
    }

    private static func role(to device: SurveyedDevice) -> PortRole {
        switch device.report.facts.kind {
        case "wireless": device.report.accessPoints.isEmpty ? .accessPoint : .trunk
        case "camera": .camera
        case "server", "storage": device.isBridge ? .trunk : .server
        case "printer", "power", "environment", "room", "other": .neighbor
        default: device.isBridge || device.report.facts.kind == "network" ? .trunk : .neighbor
        }
    }

    private static func role(to neighbor: Neighbor) -> PortRole {
        let words = Set(neighbor.capabilities)
        if words.contains("wlanAccessPoint") { return .accessPoint }
        if words.contains("telephone") { return .access }
        if words.contains("bridge") || words.contains("router") { return .trunk }
        return !words.isEmpty && words.isSubset(of: ["stationOnly", "other"]) ? .access : .neighbor
    }
}

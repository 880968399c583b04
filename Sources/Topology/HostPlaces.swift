import Campus

/// At which port each address hangs: one where it was learned and behind which no other bridge is known.
struct HostPlaces {
    private struct Place {
        var device: Int
        var port: UInt32
        var vlan: Int?
        var isStale: Bool
        var isBetween: Bool
        var count: Int
        var at: Timestamp

        /// What is better comes first: fresh, at the edge, few others beside, seen last.
        func isBetter(than other: Place) -> Bool {
            if isStale != other.isStale { return !isStale }
            if isBetween != other.isBetween { return !isBetween }
            if count != other.count { return count < other.count }
            if at != other.at { return at > other.at }
            return (device, port, vlan ?? 0) < (other.device, other.port, other.vlan ?? 0)
        }
    }

    private var places: [MACAddress: Place] = [:]
    /// Ports that lead to other bridges.
    let between: Set<PortKey>

    init(_ index: DeviceIndex, _ sights: Sights, links: [Ends], settings: SurveySettings) {
        var between: Set<PortKey> = []
        for ends in links {
            for (device, port, other) in [(ends.a, ends.aPort, ends.b), (ends.b, ends.bPort, ends.a)] {
                guard let port, index.devices[other].isBridge else { continue }
                between.insert(PortKey(device: device, port: index.canonical(device, port)))
            }
        }
        // A bridge that was learned on a port is behind it, even where no link could be told.
        for (port, devices) in sights.devices where devices.contains(where: { index.devices[$0].isBridge }) {
            between.insert(port)
        }
        self.between = between
        let newest = index.devices.map(\.at).max() ?? Timestamp(milliseconds: 0)
        places.reserveCapacity(index.devices.reduce(0) { max($0, $1.report.forwarding.count) })
        for (number, device) in index.devices.enumerated() where device.isBridge {
            let isStale = newest.since(device.at) > settings.stale
            for entry in device.report.forwarding where entry.mac.isHost {
                guard let learned = entry.interfaceIndex else { continue }
                let port = index.canonical(number, learned)
                let key = PortKey(device: number, port: port)
                let place = Place(
                    device: number, port: port, vlan: entry.vlan, isStale: isStale, isBetween: between.contains(key),
                    count: sights.counts[key] ?? 0, at: device.at)
                if let known = places[entry.mac], !place.isBetter(than: known) { continue }
                places[entry.mac] = place
            }
        }
    }

    /// All addresses but those of bridges, which links tell of.
    func hosts(_ index: DeviceIndex) -> [HostPlace] {
        places.compactMap { mac, place in
            if let owner = index.owner(of: mac), index.devices[owner].isBridge { return nil }
            return HostPlace(
                mac: mac, vlan: place.vlan, device: index.devices[place.device].id, index: place.port, isExact: !place.isBetween)
        }.sorted { $0.mac < $1.mac }
    }

    /// Where an address hangs, by places in the survey.
    func port(of mac: MACAddress) -> PortKey? { places[mac].map { PortKey(device: $0.device, port: $0.port) } }

    /// By port: the addresses that hang there.
    func byPort() -> [PortKey: [MACAddress]] {
        var ports: [PortKey: [MACAddress]] = [:]
        for (mac, place) in places where !place.isBetween {
            ports[PortKey(device: place.device, port: place.port), default: []].append(mac)
        }
        return ports
    }

    /// Links to devices that do not forward (power supplies, cameras, servers) and to bridges that see nobody back: the port
    /// where one of their addresses hangs.
    func stationLinks(_ index: DeviceIndex, links: [Ends]) -> [Ends] {
        var linked = Set(links.flatMap { [$0.a, $0.b] })
        var found: [Ends] = []
        for (number, device) in index.devices.enumerated() where !linked.contains(number) {
            let interfaces = device.report.interfaces.filter { $0.mac?.isOwn == true }
            var best: (place: Place, interface: Interface)?
            for interface in interfaces {
                guard let mac = interface.mac, index.owner(of: mac) == number, let place = places[mac], place.device != number
                else { continue }
                if best.map({ place.isBetter(than: $0.place) }) ?? true { best = (place, interface) }
            }
            guard let best else { continue }
            linked.insert(number)
            found.append(
                Ends(
                    a: best.place.device, aPort: best.place.port, b: number, bPort: best.interface.index, source: "forwarding",
                    isConfirmed: false))
        }
        return found
    }
}

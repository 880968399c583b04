import Campus

/// On which port each bridge has learned the addresses of each other device, and how many addresses each port has.
struct Sights {
    /// By bridge: device to port.
    private(set) var ports: [[Int: UInt32]]
    /// By port: the devices that were learned there.
    private(set) var devices: [PortKey: [Int]] = [:]
    /// By port: how many addresses were learned there.
    private(set) var counts: [PortKey: Int] = [:]

    init(_ index: DeviceIndex) {
        ports = Array(repeating: [:], count: index.devices.count)
        for (number, device) in index.devices.enumerated() where device.isBridge {
            var votes: [Int: [UInt32: Int]] = [:]
            for entry in device.report.forwarding where entry.mac.isHost {
                guard let port = entry.interfaceIndex.map({ index.canonical(number, $0) }) else { continue }
                counts[PortKey(device: number, port: port), default: 0] += 1
                guard let owner = index.owner(of: entry.mac), owner != number else { continue }
                votes[owner, default: [:]][port, default: 0] += 1
            }
            for (owner, seen) in votes {
                // VLANs of their own ways may show it on several ports: the one with the most of its addresses.
                guard let port = seen.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { continue }
                ports[number][owner] = port
                devices[PortKey(device: number, port: port), default: []].append(owner)
            }
        }
    }
}

/// Links between bridges that do not tell them: whose addresses are learned where.
///
/// A bridge's port sees all devices on its side. Of those behind one port the nearest is the one that sees the fewest devices
/// on its own port back, for each step away adds those in between.
struct ForwardingLinks {
    private(set) var links: [Ends] = []

    /// Neighbours that a hub or an unmanaged switch can put on one port.
    private static let mostOnOnePort = 24

    init(_ index: DeviceIndex, _ sights: Sights, known: [Ends]) {
        var taken: Set<PortKey> = []
        for ends in known {
            for (device, port) in [(ends.a, ends.aPort), (ends.b, ends.bPort)] {
                if let port { taken.insert(PortKey(device: device, port: index.canonical(device, port))) }
            }
        }
        var nearest: [PortKey: Set<Int>] = [:]
        for (port, devices) in sights.devices where !taken.contains(port) {
            nearest[port] = Self.nearest(port, devices, sights, taken)
        }
        for (port, others) in nearest {
            for other in others where other > port.device {
                guard let back = sights.ports[other][port.device],
                    nearest[PortKey(device: other, port: back)]?.contains(port.device) == true
                else { continue }
                links.append(
                    Ends(a: port.device, aPort: port.port, b: other, bPort: back, source: "forwarding", isConfirmed: true))
            }
        }
        links.sort { ($0.a, $0.b) < ($1.a, $1.b) }
    }

    private static func nearest(_ port: PortKey, _ devices: [Int], _ sights: Sights, _ taken: Set<PortKey>) -> Set<Int> {
        // Only bridges that see this one back can be measured; one that others stand before is no neighbour.
        var candidates: [(device: Int, back: UInt32, behind: Int)] = devices.compactMap { other in
            guard let back = sights.ports[other][port.device] else { return nil }
            let key = PortKey(device: other, port: back)
            return taken.contains(key) ? nil : (other, back, sights.devices[key]?.count ?? 0)
        }
        candidates.sort { ($0.behind, $0.device) < ($1.behind, $1.device) }
        var found: Set<Int> = []
        while let next = candidates.first, found.count < mostOnOnePort {
            found.insert(next.device)
            // Behind the one that was found is what it sees on another port than us.
            candidates.removeAll { other in
                other.device == next.device || sights.ports[next.device][other.device].map { $0 != next.back } ?? false
            }
        }
        return found
    }
}

import Campus

/// Links that devices tell themselves: LLDP, CDP and their kin, the words of both ends joined.
struct NeighborLinks {
    private(set) var links: [Ends] = []
    private var unknown: [(device: Int, place: Int)] = []
    private var known: [(device: Int, place: Int, remote: Int)] = []
    private let settings: SurveySettings

    init(settings: SurveySettings) { self.settings = settings }

    /// What one device says of one of its ports.
    private struct Half {
        var device: Int
        var port: UInt32
        var remote: Int
        var remotePort: UInt32?
        var remoteName: String
        var source: String
    }

    private struct Pair: Hashable {
        var low: Int
        var high: Int
    }

    mutating func read(_ index: inout DeviceIndex) {
        var pairs: [Pair: [Half]] = [:]
        var order: [Pair] = []
        for number in index.devices.indices {
            for half in halves(number, &index) {
                let pair = Pair(low: min(half.device, half.remote), high: max(half.device, half.remote))
                if pairs[pair] == nil { order.append(pair) }
                pairs[pair, default: []].append(half)
            }
        }
        for pair in order { join(pairs[pair] ?? [], pair, index) }
    }

    /// The rows of one device, the same neighbour on the same port once; LLDP speaks before the others.
    private mutating func halves(_ number: Int, _ index: inout DeviceIndex) -> [Half] {
        var halves: [Half] = []
        var seen: [PortKey: [Int]] = [:]
        let neighbors = index.devices[number].report.neighbors
        let order = neighbors.indices.sorted { (neighbors[$0].rank, $0) < (neighbors[$1].rank, $1) }
        for place in order {
            let neighbor = neighbors[place]
            guard let remote = index.device(of: neighbor) else {
                unknown.append((number, place))
                continue
            }
            guard remote != number else { continue }
            known.append((number, place, remote))
            guard let port = neighbor.localIndex, index.interface(number, port)?.oper != .down else { continue }
            let remotePort = index.port(remote, named: neighbor.remotePort)
            let key = PortKey(device: remote, port: port)
            if let earlier = seen[key],
                earlier.contains(where: {
                    halves[$0].remotePort == nil || remotePort == nil || halves[$0].remotePort == remotePort
                })
            {
                for place in earlier where halves[place].remotePort == nil { halves[place].remotePort = remotePort }
                continue
            }
            seen[key, default: []].append(halves.count)
            halves.append(
                Half(
                    device: number, port: port, remote: remote, remotePort: remotePort, remoteName: neighbor.remotePort,
                    source: neighbor.discoveryProtocol))
        }
        return halves
    }

    /// Joins what two devices say of each other: first where both name both ports, then where one port is not known, then
    /// what only one of them says.
    private mutating func join(_ halves: [Half], _ pair: Pair, _ index: DeviceIndex) {
        var near = halves.filter { $0.device == pair.low }
        var far = halves.filter { $0.device == pair.high }
        for isExact in [true, false] {
            near.removeAll { half in
                let match = far.firstIndex { other in
                    let fits = { (said: UInt32?, real: UInt32) in said == real || !isExact && said == nil }
                    return fits(half.remotePort, other.port) && fits(other.remotePort, half.port)
                }
                guard let match else { return false }
                add(half, far[match].port, isConfirmed: true)
                far.remove(at: match)
                return true
            }
        }
        for half in near + far where !isOutdated(half, index) { add(half, half.remotePort, isConfirmed: false) }
    }

    private mutating func add(_ half: Half, _ remotePort: UInt32?, isConfirmed: Bool) {
        links.append(
            Ends(
                a: half.device, aPort: half.port, b: half.remote, bPort: remotePort, source: half.source,
                isConfirmed: isConfirmed, bName: half.remoteName))
    }

    /// Whether the other end, which speaks the protocol too, has long known nothing of it.
    private func isOutdated(_ half: Half, _ index: DeviceIndex) -> Bool {
        let (own, other) = (index.devices[half.device], index.devices[half.remote])
        if let port = half.remotePort, index.interface(half.remote, port)?.oper == .down { return true }
        guard other.at.since(own.at) > settings.stale else { return false }
        return other.report.neighbors.contains { $0.discoveryProtocol == half.source }
    }

    // MARK: What became of each row

    func strangers(_ index: DeviceIndex) -> [Stranger] {
        unknown.map { device, place in
            let neighbor = index.devices[device].report.neighbors[place]
            var port = index.name(device, neighbor.localIndex)
            if port.name.isEmpty { port.name = neighbor.localInterface }
            return Stranger(port: port, neighbor: neighbor)
        }
    }

    func resolved(_ index: DeviceIndex) -> [DeviceID: [Neighbor: DeviceID]] {
        var rows: [DeviceID: [Neighbor: DeviceID]] = [:]
        for (device, place, remote) in known {
            let neighbor = index.devices[device].report.neighbors[place]
            rows[index.devices[device].id, default: [:]][neighbor] = index.devices[remote].id
        }
        return rows
    }

    /// Neighbours that no device of the survey is, by port.
    func strangers(by index: DeviceIndex) -> [PortKey: [Neighbor]] {
        var ports: [PortKey: [Neighbor]] = [:]
        for (device, place) in unknown {
            let neighbor = index.devices[device].report.neighbors[place]
            if let port = neighbor.localIndex { ports[PortKey(device: device, port: port), default: []].append(neighbor) }
        }
        return ports
    }
}

extension Neighbor {
    fileprivate var rank: Int { discoveryProtocol == "lldp" ? 0 : discoveryProtocol == "cdp" ? 1 : 2 }
}

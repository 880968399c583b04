import Campus

/// Ways from the viewpoint to every device: breadth first, and which devices cannot be gone round.
struct PathFinder {
    /// By device: the next one towards the viewpoint, and both ports of the link.
    private(set) var parents: [Int: (device: Int, link: Ends)] = [:]
    private var order: [Int] = []
    private var distance: [Int: Int] = [:]
    private var dominators: [Int: Int] = [:]
    /// The device at the viewpoint.
    let root: Int?

    init(_ index: DeviceIndex, _ links: [Ends], hosts: HostPlaces, viewpoint: Viewpoint) {
        var around: [Int: [Ends]] = [:]
        for ends in links {
            around[ends.a, default: []].append(ends)
            around[ends.b, default: []].append(ends)
        }
        let seen = Self.first(index, hosts, viewpoint)
        root = seen
        // What is not connected with the viewpoint is drawn from the device with the most links.
        let starts =
            (seen.map { [$0] } ?? [])
            + index.devices.indices.sorted { left, right in
                let (a, b) = (around[left]?.count ?? 0, around[right]?.count ?? 0)
                return a == b ? left < right : a > b
            }
        for start in starts where distance[start] == nil { walk(from: start, around) }
        if let root { findDominators(root, around) }
    }

    /// The device that the viewpoint is, or hangs at, or sends to first.
    private static func first(_ index: DeviceIndex, _ hosts: HostPlaces, _ viewpoint: Viewpoint) -> Int? {
        for address in viewpoint.addresses { if let own = index.owner(of: address) { return own } }
        for mac in viewpoint.macs { if let port = hosts.port(of: mac) { return port.device } }
        for gateway in viewpoint.gateways { if let router = index.owner(of: gateway) { return router } }
        return nil
    }

    private mutating func walk(from start: Int, _ around: [Int: [Ends]]) {
        distance[start] = 0
        var queue = [start]
        var head = 0
        while head < queue.count {
            let device = queue[head]
            head += 1
            order.append(device)
            for ends in around[device] ?? [] {
                let next = ends.other(than: device)
                guard distance[next] == nil else { continue }
                distance[next] = (distance[device] ?? 0) + 1
                parents[next] = (device, ends)
                queue.append(next)
            }
        }
    }

    /// Cooper, Harvey and Kennedy's iteration; breadth-first order comes to rest in a few rounds.
    private mutating func findDominators(_ root: Int, _ around: [Int: [Ends]]) {
        let reached = order.prefix { distance[$0] != nil && ($0 == root || parents[$0] != nil) }
        let rank = Dictionary(uniqueKeysWithValues: reached.enumerated().map { ($1, $0) })
        var dominators = [root: root]
        var isChanging = true
        while isChanging {
            isChanging = false
            for device in reached.dropFirst() {
                var nearest: Int?
                for ends in around[device] ?? [] {
                    let before = ends.other(than: device)
                    guard dominators[before] != nil else { continue }
                    nearest = nearest.map { Self.common($0, before, dominators, rank) } ?? before
                }
                if let nearest, dominators[device] != nearest {
                    dominators[device] = nearest
                    isChanging = true
                }
            }
        }
        self.dominators = dominators
    }

    private static func common(_ left: Int, _ right: Int, _ dominators: [Int: Int], _ rank: [Int: Int]) -> Int {
        var (left, right) = (left, right)
        while left != right {
            while (rank[left] ?? 0) > (rank[right] ?? 0) { left = dominators[left] ?? 0 }
            while (rank[right] ?? 0) > (rank[left] ?? 0) { right = dominators[right] ?? 0 }
        }
        return left
    }

    func paths(_ index: DeviceIndex) -> [DeviceID: DevicePath] {
        var paths: [DeviceID: DevicePath] = [:]
        for device in order {
            let above = dominators[device].flatMap { $0 == device ? nil : index.devices[$0].id }
            paths[index.devices[device].id] = DevicePath(
                parent: parents[device].map { index.devices[$0.device].id }, dependsOn: above, distance: distance[device] ?? 0)
        }
        return paths
    }
}

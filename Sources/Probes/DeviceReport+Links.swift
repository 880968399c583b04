import Campus

extension DeviceReport {
    /// Sorts what the tables told of links, and keeps once what several of them told.
    mutating func settleLinks() {
        settleVLANs()
        settleForwarding()
        settleAddresses()
        var ports: Set<UInt32> = []
        transceivers = transceivers.filter { ports.insert($0.interfaceIndex).inserted }
        var points: Set<ObjectIdentifier> = []
        accessPoints = accessPoints.filter { points.insert($0.oid).inserted }
    }

    /// By number; the first name that is one, else `VLAN 10`.
    private mutating func settleVLANs() {
        var names: [Int: String] = [:]
        for vlan in vlans where names[vlan.id, default: ""].isEmpty { names[vlan.id] = vlan.name }
        vlans = names.keys.sorted().map { VLAN(id: $0, name: names[$0].flatMap { $0.isEmpty ? nil : $0 } ?? "VLAN \($0)") }
    }

    /// An address that a table knows in its VLAN is not told again by one that knows no VLANs.
    private mutating func settleForwarding() {
        let placed = Set(forwarding.lazy.filter { $0.vlan != nil }.map(\.mac))
        var seen: Set<ForwardingEntry> = []
        forwarding = forwarding.filter { entry in
            if entry.vlan == nil, placed.contains(entry.mac) { return false }
            return seen.insert(entry).inserted
        }
    }

    private mutating func settleAddresses() {
        var mappings: Set<AddressMapping> = []
        arp = arp.filter { mappings.insert($0).inserted }
        var own: Set<IPAddress> = []
        addresses = addresses.filter { own.insert($0.address).inserted }
    }
}

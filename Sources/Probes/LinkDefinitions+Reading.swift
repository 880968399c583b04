import Campus

extension LinkDefinitions {
    var isEmpty: Bool {
        neighbors.isEmpty && vlans.isEmpty && forwarding.isEmpty && arp.isEmpty && addresses.isEmpty && transceivers.isEmpty
            && accessPoints.isEmpty && ports.isEmpty
    }

    /// Adds what the tables of one definition tell.
    func collect(_ tables: [AnswerTable], _ resolver: InterfaceResolver, into report: inout DeviceReport) {
        for entry in neighbors {
            // What one table tells twice are two; what another told before is the same.
            let known = Set(report.neighbors.map(\.link))
            report.neighbors += entry.source.rows(tables).compactMap { entry.neighbor($0, resolver) }
                .filter { !known.contains($0.link) }
        }
        for entry in vlans { report.vlans += entry.source.rows(tables).compactMap { entry.vlan($0) } }
        for entry in forwarding { report.forwarding += entry.source.rows(tables).compactMap { entry.learned($0, resolver) } }
        for entry in arp { report.arp += entry.source.rows(tables).compactMap { entry.mapping($0, resolver) } }
        for entry in addresses { report.addresses += entry.source.rows(tables).compactMap { entry.address($0, resolver) } }
        for entry in transceivers {
            report.transceivers += entry.source.rows(tables).compactMap { entry.transceiver($0, resolver) }
        }
        for entry in accessPoints { report.accessPoints += entry.source.rows(tables).compactMap { entry.accessPoint($0) } }
        for entry in ports { entry.complete(&report.interfaces, from: tables, resolver) }
    }
}

extension Neighbor {
    /// What tells a link from the others of the device.
    fileprivate var link: [String] { [discoveryProtocol, localInterface, remoteChassis, remoteName, remotePort] }
}

extension VLANDefinition {
    func vlan(_ row: Row) -> VLAN? {
        guard let number = row.vlan(id) else { return nil }
        return VLAN(id: number, name: row.first(name))
    }
}

extension ForwardingDefinition {
    /// `context` is the VLAN that is meant where the row tells none.
    func learned(_ row: Row, _ resolver: InterfaceResolver, vlan context: Int? = nil) -> ForwardingEntry? {
        guard let mac = row.mac(mac) else { return nil }
        return ForwardingEntry(
            mac: mac, vlan: vlan.lazy.compactMap { row.vlan($0) }.first ?? context,
            interfaceIndex: resolver.trustedIndex(interface, in: row))
    }
}

extension AddressMappingDefinition {
    func mapping(_ row: Row, _ resolver: InterfaceResolver) -> AddressMapping? {
        guard let address = row.address(address), let mac = row.mac(mac) else { return nil }
        return AddressMapping(address: address, mac: mac, interfaceIndex: resolver.trustedIndex(interface, in: row))
    }
}

extension InterfaceAddressDefinition {
    func address(_ row: Row, _ resolver: InterfaceResolver) -> InterfaceAddress? {
        guard let address = row.address(address) else { return nil }
        let whole = address.isIPv4 ? 32 : 128
        let length = prefix.flatMap { row.prefixLength($0) }.flatMap { (1...whole).contains($0) ? $0 : nil }
        return InterfaceAddress(
            address: address, prefixLength: length ?? address.classLength,
            interfaceIndex: resolver.trustedIndex(interface, in: row))
    }
}

extension TransceiverDefinition {
    func transceiver(_ row: Row, _ resolver: InterfaceResolver) -> Transceiver? {
        guard let index = resolver.index(interface, in: row) else { return nil }
        var transceiver = Transceiver(interfaceIndex: index)
        transceiver.vendor = row.first(vendor)
        transceiver.model = row.first(model)
        transceiver.serial = row.first(serial)
        let isNothing = transceiver.vendor.isEmpty && transceiver.model.isEmpty && transceiver.serial.isEmpty
        return isNothing ? nil : transceiver
    }
}

extension AccessPointDefinition {
    func accessPoint(_ row: Row) -> AccessPoint? {
        var point = AccessPoint(oid: row.anchor)
        point.mac = mac.flatMap { row.mac($0) }
        point.address = address.flatMap { row.address($0) }.flatMap { $0.isUnicast ? $0 : nil }
        point.name = row.first(name)
        if point.name.isEmpty { point.name = point.mac?.description ?? "" }
        guard !point.name.isEmpty else { return nil }
        point.model = row.first(model)
        point.serial = row.first(serial)
        point.version = row.first(version)
        point.location = row.first(location)
        point.clients = clients.flatMap { row.value($0) }.flatMap { $0 >= 0 && $0 < 1e6 ? Int($0) : nil }
        if let raw = state.flatMap({ row.raw($0) }) { point.state = (states[raw] ?? states["*"])?.state ?? .unknown }
        return point
    }
}

extension PortDefinition {
    /// Only what the interface does not know yet.
    func complete(_ interfaces: inout [Interface], from tables: [AnswerTable], _ resolver: InterfaceResolver) {
        for row in source.rows(tables) {
            guard let index = resolver.index(interface, in: row), let place = resolver.place(index) else { continue }
            if interfaces[place].vlan == nil { interfaces[place].vlan = vlan.flatMap { row.vlan($0) } }
            // One that is attached to itself is on its own (IEEE 802.1AX, 7.3.2.1.8).
            if let aggregate = resolver.index(aggregate, in: row), aggregate != index { interfaces[place].aggregate = aggregate }
        }
    }
}

extension Row {
    /// A VLAN's number (IEEE 802.1Q: 1 to 4094); nil for anything else.
    func vlan(_ column: ColumnReference) -> Int? {
        guard let number = integer(column) ?? text(column).flatMap({ Int64($0) }), (1...4094).contains(number) else { return nil }
        return Int(number)
    }

    /// A number, a netmask, or an identifier of which the last arc is the length.
    fileprivate func prefixLength(_ column: ColumnReference) -> Int? {
        if let number = integer(column) { return Int(exactly: number) }
        if let mask = address(column) { return mask.prefixLength }
        // ipAddressPrefix: the row's identifier in ipAddressPrefixTable, or 0.0 where there is none.
        guard let arcs = text(column)?.split(separator: "."), arcs.count > 2 else { return nil }
        return arcs.last.flatMap { Int($0) }
    }
}

extension IPAddress {
    /// The network's length by the address's class (RFC 791), which hosts that were told no netmask assume; 128 for IPv6.
    fileprivate var classLength: Int {
        guard isIPv4 else { return 128 }
        let first = low >> 24
        return first < 128 ? 8 : first < 192 ? 16 : 24
    }

    /// How many ones a netmask begins with; nil when others follow, for then it is none.
    var prefixLength: Int? {
        let ones =
            isIPv4
            ? (~UInt32(truncatingIfNeeded: low)).leadingZeroBitCount
            : (~high).leadingZeroBitCount + (high == .max ? (~low).leadingZeroBitCount : 0)
        let zeros =
            isIPv4
            ? (low == 0 ? 32 : low.trailingZeroBitCount)
            : (low == 0 ? 64 + (high == 0 ? 64 : high.trailingZeroBitCount) : low.trailingZeroBitCount)
        return ones + zeros == (isIPv4 ? 32 : 128) ? ones : nil
    }
}

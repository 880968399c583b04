import Campus

extension NeighborDefinition {
    func neighbor(_ row: Row, _ resolver: InterfaceResolver) -> Neighbor? {
        var neighbor = Neighbor(discoveryProtocol: discoveryProtocol)
        neighbor.localIndex = resolver.index(interface, in: row)
        neighbor.localInterface = neighbor.localIndex.flatMap { resolver.name($0) } ?? localName(row)
        neighbor.remoteChassis = remoteChassis.text(row)
        neighbor.remotePort = remotePort.text(row)
        neighbor.remoteName = row.first(remoteName)
        neighbor.remoteDescription = row.first(remoteDescription)
        neighbor.remoteAddress = remoteAddress.lazy.compactMap { row.address($0) }.first(where: \.isUnicast)
        for word in capabilities.flatMap({ $0.words(row) }) where !neighbor.capabilities.contains(word) {
            neighbor.capabilities.append(word)
        }
        let isNothing = neighbor.remoteName.isEmpty && neighbor.remoteChassis.isEmpty && neighbor.remoteAddress == nil
        return isNothing ? nil : neighbor
    }

    private func localName(_ row: Row) -> String {
        let text = row.first(localText)
        if !text.isEmpty { return text }
        return interface.lazy.compactMap { row.text($0) }.first { !$0.isEmpty } ?? ""
    }
}

extension NeighborDefinition.Identifier {
    /// The identifier in its usual spelling: `00:11:22:33:44:55`, `192.0.2.1`, or as it is; the text where there is none.
    func text(_ row: Row) -> String {
        let words = row.first(text)
        guard let column = octets else { return words }
        switch kind.flatMap({ row.text($0) }) {
        case "mac":
            if let mac = row.mac(column) { return mac.description }
        case "address":
            // LldpChassisId, networkAddress: an octet of the IANA address family (1 IPv4, 2 IPv6), then the address.
            if let octets = row.octets(column), let family = octets.first,
                family == 1 && octets.count == 5
                    || family == 2 && octets.count == 17, let address = IPAddress(octets: octets.dropFirst())
            {
                return address.description
            }
            if let address = row.address(column) { return address.description }
        default: break
        }
        if let octets = row.octets(column), octets.contains(where: { $0 < 0x20 && $0 != 0 && !(9...13).contains($0) }) {
            // Octets that are no text, whatever the device calls them.
            return row.mac(column)?.description ?? Hexadecimal.text(octets)
        }
        let own = row.text(column) ?? ""
        return own.isEmpty ? words : own
    }
}

extension CapabilityDefinition {
    func words(_ row: Row) -> [String] {
        if let octets = row.octets(column) {
            return words.filter { bit, _ in
                bit / 8 < octets.count && octets[octets.startIndex + bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
            }.map(\.word)
        }
        guard let number = row.integer(column) else { return [] }
        return words.filter { number >> Int64($0.bit) & 1 == 1 }.map(\.word)
    }
}

import Campus

extension Row {
    func octets(_ column: ColumnReference) -> ArraySlice<UInt8>? {
        place(column).flatMap { tables[column.table].octets($0, column.column) }
    }

    /// Six octets, or a text such as `00:11:22:33:44:55`; nil for zeros and for anything else.
    func mac(_ column: ColumnReference) -> MACAddress? {
        if let octets = octets(column), octets.count == 6 { return MACAddress(octets: octets) }
        return text(column).flatMap { MACAddress(text: $0) }
    }

    /// An IpAddress, four or sixteen octets, or a text.
    func address(_ column: ColumnReference) -> IPAddress? {
        let octets = octets(column)
        if let octets, octets.count == 4 { return IPAddress(octets: octets) }
        // Longer ones may be a text: `10.0.0.1` is eight octets, too.
        return text(column).flatMap { IPAddress($0) } ?? octets.flatMap { IPAddress(octets: $0) }
    }

    /// The first template that is complete; empty when none is.
    func first(_ templates: [NameTemplate]) -> String {
        templates.lazy.compactMap { $0.text(self, number: 1) }.first ?? ""
    }

    /// The first column of the own table that answered.
    var anchor: ObjectIdentifier {
        let own = tables[0]
        let place = places[0] ?? 0
        let column = own.definition.columns.indices.first { own.raw(place, $0) != nil } ?? 0
        return identifier(ColumnReference(table: 0, column: column))
    }
}

extension AnswerTable {
    /// The octets of a string, or an index's arcs as such.
    func octets(_ row: Int, _ column: Int) -> ArraySlice<UInt8>? {
        switch content(row, column) {
        case .octets(let octets)?: octets[...]
        case .arcs(let arcs)?: arcs.allSatisfy { $0 < 256 } ? arcs.map { UInt8(truncatingIfNeeded: $0) }[...] : nil
        default: nil
        }
    }
}

extension MACAddress {
    /// Six numbers between colons or dashes (a leading zero may be missing), three between dots, or twelve digits.
    init?(text: String) {
        guard (11...17).contains(text.utf8.count) else { return nil }
        let parts = text.split { ":-. ".contains($0) }
        let width: Int
        switch parts.count {
        case 6: width = 2
        case 3: width = 4
        case 1: width = 12
        default: return nil
        }
        var value: UInt64 = 0
        for part in parts {
            guard part.utf8.count <= width, width == 2 || part.utf8.count == width, part.utf8.first != UInt8(ascii: "+"),
                let number = UInt64(part, radix: 16)
            else { return nil }
            value = value << UInt64(4 * width) | number
        }
        guard value != 0 else { return nil }
        self.init(value: value)
    }
}

extension IPAddress {
    /// Four or sixteen octets in network order; a zone of four octets after them (RFC 4001, ipv4z and ipv6z) is left off.
    init?(octets: ArraySlice<UInt8>) {
        let number = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        switch octets.count {
        case 4, 8: self.init(v4: UInt32(truncatingIfNeeded: number(octets.prefix(4))))
        case 16, 20: self.init(v6High: number(octets.prefix(8)), low: number(octets.dropFirst(8).prefix(8)))
        default: return nil
        }
    }
}

import Campus

extension Row {
    /// The octets of an OCTET STRING; nil for what is anything else.
    func octets(_ column: ColumnReference) -> [UInt8]? {
        if case .octets(let octets)? = content(column) { octets } else { nil }
    }

    /// Six octets, or a text such as `00:11:22:33:44:55`; nil for zeros and for anything else.
    func mac(_ column: ColumnReference) -> MACAddress? {
        content(column).flatMap { ColumnTransform.Reading.mac($0) }.flatMap { $0.value == 0 ? nil : $0 }
    }

    /// An IpAddress, four or sixteen octets, or a text.
    func address(_ column: ColumnReference) -> IPAddress? {
        content(column).flatMap { ColumnTransform.Reading.address($0) }
    }

    func address(_ columns: [ColumnReference]) -> IPAddress? {
        for column in columns {
            if let address = address(column) { return address }
        }
        return nil
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

import Campus

/// Finds the interface that a column means, whichever way it says so.
struct InterfaceResolver {
    private let places: [UInt32: Int]
    private let names: [String]
    private let words: [String: UInt32]
    private let macs: [MACAddress: UInt32]

    init(_ interfaces: [Interface]) {
        var words: [String: UInt32] = [:]
        var macs: [MACAddress: [UInt32]] = [:]
        var aliases: [String: [UInt32]] = [:]
        for interface in interfaces {
            if let mac = interface.mac { macs[mac, default: []].append(interface.index) }
            if !interface.alias.isEmpty { aliases[interface.alias, default: []].append(interface.index) }
        }
        for interface in interfaces where words[interface.name] == nil { words[interface.name] = interface.index }
        for interface in interfaces where words[interface.description] == nil { words[interface.description] = interface.index }
        // What several ports share tells none of them.
        for (alias, ports) in aliases where ports.count == 1 && words[alias] == nil { words[alias] = ports[0] }
        words[""] = nil
        places = Dictionary(interfaces.enumerated().map { ($1.index, $0) }, uniquingKeysWith: { first, _ in first })
        names = interfaces.map(\.name)
        self.words = words
        self.macs = macs.compactMapValues { $0.count == 1 ? $0[0] : nil }
    }

    /// Where the interface stands in the list.
    func place(_ index: UInt32) -> Int? { places[index] }

    func name(_ index: UInt32) -> String? { places[index].map { names[$0] } }

    /// ifIndex of the first column that an interface fits.
    func index(_ columns: InterfaceColumns, in row: Row) -> UInt32? {
        for column in columns {
            if let index = index(column, in: row) { return index }
        }
        return nil
    }

    /// As above; where no interface fits, the first number is taken for the ifIndex that it is declared as.
    func trustedIndex(_ columns: InterfaceColumns, in row: Row) -> UInt32? {
        if let index = index(columns, in: row) { return index }
        return columns.lazy.compactMap { row.integer($0) }.first { $0 > 0 }.flatMap { UInt32(exactly: $0) }
    }

    private func index(_ column: ColumnReference, in row: Row) -> UInt32? {
        if let number = row.integer(column) {
            guard let index = UInt32(exactly: number), places[index] != nil else { return nil }
            return index
        }
        guard let text = row.text(column) else { return nil }
        if let index = words[text] { return index }
        if let mac = row.mac(column), let index = macs[mac] { return index }
        guard let index = UInt32(text), places[index] != nil else { return nil }
        return index
    }
}

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

    /// ifIndex of the first column that an interface fits: a number is an ifIndex, a text a name, a description, an alias or
    /// an address of the port. Only where none fits is a text of digits read as an ifIndex: ports are called `1`, too.
    func index(_ columns: InterfaceColumns, in row: Row) -> UInt32? {
        columns.lazy.compactMap { index($0, in: row) }.first
            ?? columns.lazy.compactMap { known(row.text($0).flatMap { UInt32($0) }) }.first
    }

    /// As above, but a number is taken for the ifIndex that it is declared as, whether or not the device lists it.
    func trustedIndex(_ columns: InterfaceColumns, in row: Row) -> UInt32? {
        for column in columns {
            if let number = row.integer(column), number > 0, let index = UInt32(exactly: number) { return index }
            if let index = index(column, in: row) { return index }
        }
        return nil
    }

    private func index(_ column: ColumnReference, in row: Row) -> UInt32? {
        switch row.content(column) {
        case nil: return nil
        case .integer(let number): return known(UInt32(exactly: number))
        case .unsigned(let number): return known(UInt32(exactly: number))
        case .number, .octets, .arcs, .text:
            guard let text = row.text(column) else { return nil }
            if let index = words[text] ?? pointed(text) { return index }
            return row.mac(column).flatMap { macs[$0] }
        }
    }

    /// The row that an identifier of ifTable or ifXTable points to, as entAliasMappingIdentifier does.
    private func pointed(_ text: String) -> UInt32? {
        guard text.hasPrefix("1.3.6.1.2.1.2.2.1.") || text.hasPrefix("1.3.6.1.2.1.31.1.1.1.") else { return nil }
        return known(text.split(separator: ".").last.flatMap { UInt32($0) })
    }

    private func known(_ index: UInt32?) -> UInt32? {
        index.flatMap { places[$0] == nil ? nil : $0 }
    }
}

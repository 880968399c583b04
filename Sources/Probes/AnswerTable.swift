import Campus

/// The answers of one table, found again by row and column.
struct AnswerTable: Sendable {
    let definition: TableDefinition
    /// Where the cells lie: what was remembered, what was just answered.
    private let sources: [VariableBindings]
    private(set) var indices: [[UInt32]] = []
    private var cells: [Cell] = []
    private var positions: [[UInt32]: Int] = [:]

    /// A binding of one of the sources, or none.
    private struct Cell: Sendable {
        var source: Int32 = -1
        var binding: Int32 = 0
    }

    /// A later source's cell replaces an earlier one's.
    init(_ definition: TableDefinition, sources: [VariableBindings]) {
        self.definition = definition
        self.sources = sources
        for (number, source) in sources.enumerated() { place(source, number: Int32(number)) }
        sort()
    }

    /// By index: columns with gaps, and sources one after the other, bring rows in another order.
    private mutating func sort() {
        guard !zip(indices, indices.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else { return }
        let order = indices.indices.sorted { indices[$0].lexicographicallyPrecedes(indices[$1]) }
        let width = definition.columns.count
        cells = order.flatMap { cells[($0 * width)..<(($0 + 1) * width)] }
        indices = order.map { indices[$0] }
        for (row, index) in indices.enumerated() { positions[index] = row }
    }

    private mutating func place(_ bindings: VariableBindings, number: Int32) {
        let width = definition.columns.count
        var row = -1
        for binding in 0..<bindings.count {
            guard let name = bindings.index(binding, after: definition.root), let (column, index) = definition.place(of: name),
                bindings.hasValue(binding)
            else { continue }
            if row < 0 || !indices[row].elementsEqual(index) { row = position(of: Array(index)) }
            cells[row * width + column] = Cell(source: number, binding: Int32(truncatingIfNeeded: binding))
        }
    }

    private mutating func position(of index: [UInt32]) -> Int {
        if let known = positions[index] { return known }
        let row = indices.count
        positions[index] = row
        indices.append(index)
        cells.append(contentsOf: repeatElement(Cell(), count: definition.columns.count))
        return row
    }

    func row(_ index: [UInt32]) -> Int? { positions[index] }

    /// The first row for each text of a column.
    func rows(byTextOf column: Int) -> [String: Int] {
        var rows: [String: Int] = [:]
        for row in indices.indices {
            if let text = text(row, column), rows[text] == nil { rows[text] = row }
        }
        return rows
    }

    func cell(_ row: Int, _ column: Int) -> (VariableBindings, Int)? {
        let cell = cells[row * definition.columns.count + column]
        return cell.source < 0 ? nil : (sources[Int(cell.source)], Int(cell.binding))
    }

    /// What the column says of the row, before words and numbers stand for it.
    func content(_ row: Int, _ column: Int) -> Content? {
        let shape = definition.columns[column]
        var content: Content?
        switch shape.source {
        case .column, .instance: content = sent(row, column)
        case .index(let part):
            content = part.arcs(indices[row]).map { arcs in
                if arcs.count == 1, let arc = arcs.first { .integer(Int64(arc)) } else { .arcs(arcs) }
            }
        case .derived(let origin): content = self.content(row, origin)
        }
        if let transform = shape.transform { content = content.flatMap { transform.applied(to: $0) } }
        guard let content else { return nil }
        guard !shape.absent.isEmpty || shape.isLimitedToNames else { return content }
        let text = content.text
        if shape.absent.contains(text) || shape.isLimitedToNames && shape.names[text] == nil { return nil }
        return content
    }

    private func sent(_ row: Int, _ column: Int) -> Content? {
        guard let (bindings, binding) = cell(row, column) else { return nil }
        switch bindings.value(binding) {
        case .octets(let bytes): return .octets(bytes)
        case .opaque(let bytes): return OpaqueFloat.value(bytes[...]).map { .number($0) } ?? .octets(bytes)
        case .objectIdentifier(let identifier): return .text(identifier.description)
        case .ipAddress(let address): return .text(IPAddress(v4: address).description)
        case .counter64(let number): return .unsigned(number)
        default: return bindings.integer(binding).map { .integer($0) }
        }
    }

    /// The raw value as a definition's maps write it: a number, a dotted identifier, or the text itself.
    func raw(_ row: Int, _ column: Int) -> String? { content(row, column)?.text }

    /// The word that the column's `names` has for the raw value, or the raw value.
    func text(_ row: Int, _ column: Int) -> String? {
        guard let raw = raw(row, column) else { return nil }
        return definition.columns[column].names[raw] ?? raw
    }

    /// The number that the column's `numbers` has for the raw value, or the raw value's own.
    func number(_ row: Int, _ column: Int) -> Double? {
        let shape = definition.columns[column]
        if !shape.numbers.isEmpty { return raw(row, column).flatMap { shape.numbers[$0] } }
        guard shape.isPlain else { return content(row, column)?.number }
        guard let (bindings, binding) = cell(row, column) else { return nil }
        switch bindings.tag(binding) {
        case .octets: return SNMPText.number(SNMPText.decoded(bindings.octets(binding) ?? []))
        case .opaque: return OpaqueFloat.value(bindings.octets(binding) ?? [])
        case .counter64: return bindings.unsigned(binding).map { Double($0) }
        default: return bindings.integer(binding).map { Double($0) }
        }
    }

    func integer(_ row: Int, _ column: Int) -> Int64? {
        guard definition.columns[column].isPlain else { return content(row, column)?.integer }
        guard let (bindings, binding) = cell(row, column) else { return nil }
        return bindings.integer(binding)
    }
}

extension VariableBindings {
    /// Whether the agent gave a value and not one of RFC 3416's exceptions or a null.
    func hasValue(_ index: Int) -> Bool {
        switch tag(index) {
        case .null, .noSuchObject, .noSuchInstance, .endOfMibView: false
        default: true
        }
    }
}

/// Net-SNMP's floating point wrapped in an Opaque (draft-perkins-float-00): 9f78 04 and four bytes, 9f79 08 and eight.
enum OpaqueFloat {
    static func value(_ bytes: ArraySlice<UInt8>) -> Double? {
        let payload = bytes.dropFirst(3)
        let bits = payload.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch Array(bytes.prefix(3)) {
        case [0x9f, 0x78, 4] where payload.count == 4:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return value.isFinite ? Double(value) : nil
        case [0x9f, 0x79, 8] where payload.count == 8:
            let value = Double(bitPattern: bits)
            return value.isFinite ? value : nil
        default: return nil
        }
    }
}

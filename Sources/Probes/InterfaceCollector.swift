import Campus

/// Gathers interface columns into one sample an interface.
///
/// Agents answer row by row in the order of ifIndex, so the place of the last binding or the one after it is nearly always
/// right; where it is not, a map is made once and asked.
struct InterfaceCollector {
    /// A column to read, with its words when it has some.
    struct Column: Sendable {
        var identifier: ObjectIdentifier
        var role: InterfaceRole
        var isFallback: Bool
        var names: [String: String] = [:]
    }

    private(set) var samples: [InterfaceSample] = []
    /// Aligned with `samples`; empty when only samples are wanted.
    private(set) var details: [Interface] = []
    /// ifSpeed and ifHighSpeed as answered, aligned with `samples`.
    private(set) var speeds: [SpeedColumns] = []

    private let wantsDetails: Bool
    private var last = 0
    private var isSorted = true
    private var positions: [UInt32: Int] = [:]

    init(wantsDetails: Bool, expected: Int = 0) {
        self.wantsDetails = wantsDetails
        samples.reserveCapacity(min(expected, 4096))
        speeds.reserveCapacity(min(expected, 4096))
    }

    /// Reads one table's answer; a binding that belongs to none of the columns is passed over.
    ///
    /// The columns' arcs lie in one array here: to look at a column object for each binding would count its references.
    mutating func read(_ bindings: VariableBindings, columns: [Column]) {
        guard !columns.isEmpty else { return }
        let arcs = columns.flatMap(\.identifier.arcs)
        var ends = [0]
        for column in columns { ends.append(ends[ends.count - 1] + column.identifier.arcs.count) }
        var next = 0
        for binding in 0..<bindings.count {
            for _ in 0..<columns.count {
                let column = next
                next = column + 1 == columns.count ? 0 : column + 1
                guard let index = bindings.row(binding, of: arcs.span.extracting(ends[column]..<ends[column + 1])) else {
                    continue
                }
                place(binding, in: bindings, columns, column, row: position(of: index))
                break
            }
        }
    }

    private mutating func position(of index: UInt32) -> Int {
        if last < samples.count {
            if samples[last].index == index { return last }
            if last + 1 < samples.count, samples[last + 1].index == index {
                last += 1
                return last
            }
            // Replies that were cut within a row leave the other columns some rows behind.
            let place = last + Int(index) - Int(samples[last].index)
            if samples.indices.contains(place), samples[place].index == index {
                last = place
                return last
            }
        }
        if let end = samples.last?.index, index <= end || !isSorted {
            last = searched(index)
        } else {
            last = appended(index)
        }
        return last
    }

    private mutating func searched(_ index: UInt32) -> Int {
        if positions.count != samples.count {
            positions = Dictionary(samples.enumerated().map { ($1.index, $0) }, uniquingKeysWith: { first, _ in first })
        }
        if let known = positions[index] { return known }
        isSorted = false
        positions[index] = samples.count
        return appended(index)
    }

    private mutating func appended(_ index: UInt32) -> Int {
        samples.append(InterfaceSample(index: index))
        speeds.append(SpeedColumns())
        if wantsDetails { details.append(Interface(index: index)) }
        return samples.count - 1
    }

    private mutating func place(_ binding: Int, in bindings: VariableBindings, _ columns: [Column], _ column: Int, row: Int) {
        switch columns[column].role {
        case .counter(let counter): count(binding, in: bindings, counter, isFallback: columns[column].isFallback, row: row)
        case .admin: samples[row].admin = status(binding, bindings)
        case .oper: samples[row].oper = status(binding, bindings)
        case .discontinuity: samples[row].discontinuity = UInt32(truncatingIfNeeded: bindings.unsigned(binding) ?? 0)
        case .speed: speeds[row].bits = bindings.unsigned(binding)
        case .highSpeed: speeds[row].megabits = bindings.unsigned(binding)
        default:
            if wantsDetails { details[row].read(binding, of: bindings, columns[column]) }
        }
    }

    /// The preferred column counts, unless it stands at 0 where the other does not: some agents have the 64-bit columns of
    /// multicast and broadcast packets but never count in them.
    private mutating func count(
        _ binding: Int, in bindings: VariableBindings, _ counter: InterfaceCounter, isFallback: Bool, row: Int
    ) {
        guard let number = bindings.unsigned(binding) else { return }
        let bit = UInt16(1) << UInt16(counter.rawValue)
        let known = samples[row].present & bit == 0 ? nil : samples[row].counters[counter.rawValue]
        if let known, isFallback ? known != 0 : number == 0 { return }
        samples[row].present |= bit
        samples[row].counters[counter.rawValue] = number
        if bindings.tag(binding) == .counter64, !isFallback { samples[row].wide |= bit } else { samples[row].wide &= ~bit }
    }

    private func status(_ binding: Int, _ bindings: VariableBindings) -> InterfaceStatus {
        bindings.unsigned(binding).flatMap { UInt8(exactly: $0) }.flatMap { InterfaceStatus(rawValue: $0) } ?? .unknown
    }

    /// Sorts by ifIndex where the agent did not.
    mutating func finish() {
        guard !isSorted else { return }
        let order = samples.indices.sorted { samples[$0].index < samples[$1].index }
        samples = order.map { samples[$0] }
        speeds = order.map { speeds[$0] }
        if wantsDetails { details = order.map { details[$0] } }
        isSorted = true
    }
}

/// What the two speed columns of IF-MIB say of an interface.
struct SpeedColumns: Sendable {
    /// ifSpeed, bit/s; 4 294 967 295 from 4.3 Gbit/s on (RFC 2863).
    var bits: UInt64?
    /// ifHighSpeed, Mbit/s, rounded.
    var megabits: UInt64?

    /// bit/s; ifHighSpeed where ifSpeed is absent, 0 or at its end; nil when neither tells.
    var bitsPerSecond: UInt64? {
        if let bits, bits > 0, bits != UInt64(UInt32.max) { return bits }
        if let megabits, megabits > 0, megabits < 1 << 40 { return megabits * 1_000_000 }
        return bits
    }

    /// The speed after a poll that asked one column only: the known one stands while ifHighSpeed rounds to it.
    func bitsPerSecond(known: UInt64?) -> UInt64? {
        guard bits == nil, let known, known > 0 else { return bitsPerSecond ?? known }
        guard let megabits, megabits > 0, megabits < 1 << 40 else { return known }
        let told = megabits * 1_000_000
        return max(told, known) - min(told, known) < 1_000_000 ? known : told
    }
}

extension Interface {
    /// Takes over a column that only details have.
    fileprivate mutating func read(_ binding: Int, of bindings: VariableBindings, _ column: InterfaceCollector.Column) {
        let text = { bindings.octets(binding).map { SNMPText.decoded($0) } ?? "" }
        switch column.role {
        case .name where !column.isFallback || name.isEmpty: name = text()
        case .description where !column.isFallback || description.isEmpty: description = text()
        case .alias where !column.isFallback || alias.isEmpty: alias = text()
        case .type:
            let raw = bindings.integer(binding).map { String($0) } ?? ""
            type = column.names[raw] ?? raw
        case .mtu: mtu = bindings.integer(binding)
        case .mac: mac = bindings.octets(binding).flatMap { MACAddress(octets: $0) }
        case .lastChange: lastChange = bindings.unsigned(binding).map { Double($0) / 100 }
        case .vlan: vlan = bindings.integer(binding).flatMap { Int(exactly: $0) }
        default: break
        }
    }
}

extension MACAddress {
    /// Six octets; nil for any other count (ifPhysAddress of other media, or none) and for all zeros.
    init?(octets: ArraySlice<UInt8>) {
        guard octets.count == 6 else { return nil }
        let value = octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value != 0 else { return nil }
        self.init(value: value)
    }
}

/// One value of a variable binding (RFC 3416 §3), as sent.
package enum SNMPValue: Hashable, Sendable {
    case integer(Int64)
    case octets([UInt8])
    case null
    case objectIdentifier(ObjectIdentifier)
    case ipAddress(UInt32)
    case counter32(UInt32)
    case gauge32(UInt32)
    case timeTicks(UInt32)
    case opaque([UInt8])
    case counter64(UInt64)
    case noSuchObject, noSuchInstance, endOfMibView
}

/// The answers of a walk or a GET, in the order they came, without an allocation for each binding.
///
/// Three growing arrays hold everything: entries, the arcs of all names and identifiers, the bytes of all strings. Reading a
/// number touches no reference count; only `value(_:)` and `octets(_:)` allocate, for what really is a string.
package struct VariableBindings: Sendable {
    /// BER tags as RFC 2578 and RFC 3416 number them.
    package enum Tag: UInt8, Sendable {
        case integer = 2
        case octets = 4
        case null = 5
        case objectIdentifier = 6
        case ipAddress = 64
        case counter32 = 65
        case gauge32 = 66
        case timeTicks = 67
        case opaque = 68
        case counter64 = 70
        case noSuchObject = 128
        case noSuchInstance = 129
        case endOfMibView = 130
    }

    @usableFromInline struct Entry: Sendable {
        @usableFromInline var nameStart: UInt32
        @usableFromInline var nameCount: UInt32
        @usableFromInline var tag: Tag
        /// The number itself, or where bytes or arcs start.
        @usableFromInline var number: UInt64
        /// How many bytes or arcs.
        @usableFromInline var count: UInt32

        @inlinable init(nameStart: UInt32, nameCount: UInt32, tag: Tag, number: UInt64, count: UInt32) {
            self.nameStart = nameStart
            self.nameCount = nameCount
            self.tag = tag
            self.number = number
            self.count = count
        }
    }

    @usableFromInline var entries: [Entry] = []
    @usableFromInline var arcs: [UInt32] = []
    @usableFromInline var bytes: [UInt8] = []

    package init() {}

    @inlinable package var count: Int { entries.count }
    @inlinable package var isEmpty: Bool { entries.isEmpty }

    package mutating func removeAll(keepingCapacity: Bool = true) {
        entries.removeAll(keepingCapacity: keepingCapacity)
        arcs.removeAll(keepingCapacity: keepingCapacity)
        bytes.removeAll(keepingCapacity: keepingCapacity)
    }

    package mutating func reserveCapacity(bindings: Int, arcsEach: Int = 12) {
        entries.reserveCapacity(bindings)
        arcs.reserveCapacity(bindings * arcsEach)
    }

    /// Appends a binding whose value is a number or nothing; signed integers by their bit pattern.
    @inlinable package mutating func append(name: some Sequence<UInt32>, tag: Tag, number: UInt64) {
        let start = UInt32(truncatingIfNeeded: arcs.count)
        arcs.append(contentsOf: name)
        entries.append(Entry(nameStart: start, nameCount: UInt32(arcs.count) - start, tag: tag, number: number, count: 0))
    }

    @inlinable package mutating func append(name: some Sequence<UInt32>, tag: Tag, bytes value: some Sequence<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        let nameStart = UInt32(truncatingIfNeeded: arcs.count)
        arcs.append(contentsOf: name)
        entries.append(
            Entry(
                nameStart: nameStart, nameCount: UInt32(arcs.count) - nameStart, tag: tag, number: UInt64(start),
                count: UInt32(bytes.count - start)))
    }

    @inlinable package mutating func append(name: some Sequence<UInt32>, objectIdentifier value: some Sequence<UInt32>) {
        let nameStart = arcs.count
        arcs.append(contentsOf: name)
        let valueStart = arcs.count
        arcs.append(contentsOf: value)
        entries.append(
            Entry(
                nameStart: UInt32(nameStart), nameCount: UInt32(valueStart - nameStart), tag: .objectIdentifier,
                number: UInt64(valueStart), count: UInt32(arcs.count - valueStart)))
    }

    /// Everything that another answer holds.
    package mutating func append(_ other: VariableBindings) {
        guard !isEmpty else { return self = other }
        for binding in 0..<other.count { append(name: other.name(binding), value: other.value(binding)) }
    }

    package mutating func append(name: some Sequence<UInt32>, value: SNMPValue) {
        switch value {
        case .integer(let number): append(name: name, tag: .integer, number: UInt64(bitPattern: number))
        case .octets(let octets): append(name: name, tag: .octets, bytes: octets)
        case .null: append(name: name, tag: .null, number: 0)
        case .objectIdentifier(let oid): append(name: name, objectIdentifier: oid.arcs)
        case .ipAddress(let address): append(name: name, tag: .ipAddress, number: UInt64(address))
        case .counter32(let number): append(name: name, tag: .counter32, number: UInt64(number))
        case .gauge32(let number): append(name: name, tag: .gauge32, number: UInt64(number))
        case .timeTicks(let number): append(name: name, tag: .timeTicks, number: UInt64(number))
        case .opaque(let octets): append(name: name, tag: .opaque, bytes: octets)
        case .counter64(let number): append(name: name, tag: .counter64, number: number)
        case .noSuchObject: append(name: name, tag: .noSuchObject, number: 0)
        case .noSuchInstance: append(name: name, tag: .noSuchInstance, number: 0)
        case .endOfMibView: append(name: name, tag: .endOfMibView, number: 0)
        }
    }

    /// As above, for names that lie in memory of somebody else.
    package mutating func append(name: Span<UInt32>, tag: Tag, number: UInt64) {
        let start = append(arcs: name)
        entries.append(Entry(nameStart: start, nameCount: UInt32(name.count), tag: tag, number: number, count: 0))
    }

    package mutating func append(name: Span<UInt32>, tag: Tag, bytes value: Span<UInt8>) {
        let start = bytes.count
        unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        let nameStart = append(arcs: name)
        entries.append(
            Entry(
                nameStart: nameStart, nameCount: UInt32(name.count), tag: tag, number: UInt64(start), count: UInt32(value.count)))
    }

    package mutating func append(name: Span<UInt32>, objectIdentifier value: Span<UInt32>) {
        let nameStart = append(arcs: name)
        let valueStart = append(arcs: value)
        entries.append(
            Entry(
                nameStart: nameStart, nameCount: UInt32(name.count), tag: .objectIdentifier, number: UInt64(valueStart),
                count: UInt32(value.count)))
    }

    private mutating func append(arcs words: Span<UInt32>) -> UInt32 {
        let start = UInt32(truncatingIfNeeded: arcs.count)
        unsafe words.withUnsafeBufferPointer { unsafe arcs.append(contentsOf: $0) }
        return start
    }

    /// Whether `name` comes after the name of binding `index` in lexicographical order (RFC 3416 §4.2.2).
    package func isName(_ name: Span<UInt32>, afterNameOf index: Int) -> Bool {
        let entry = entries[index]
        let start = Int(entry.nameStart)
        let count = Int(entry.nameCount)
        return isAfter(name, arcs.span.extracting(start..<(start + count)))
    }

    private func isAfter(_ name: Span<UInt32>, _ known: Span<UInt32>) -> Bool {
        for offset in 0..<min(known.count, name.count) where known[offset] != name[offset] { return known[offset] < name[offset] }
        return name.count > known.count
    }

    @inlinable package func tag(_ index: Int) -> Tag { entries[index].tag }

    @inlinable package func name(_ index: Int) -> ArraySlice<UInt32> {
        let entry = entries[index]
        return arcs[Int(entry.nameStart)..<Int(entry.nameStart + entry.nameCount)]
    }

    /// The arcs of the name after `prefix`, or nil when the name does not start with it.
    @inlinable package func index(_ index: Int, after prefix: ObjectIdentifier) -> ArraySlice<UInt32>? {
        let entry = entries[index]
        let count = prefix.arcs.count
        guard entry.nameCount >= count else { return nil }
        let start = Int(entry.nameStart)
        for offset in 0..<count where arcs[start + offset] != prefix.arcs[offset] { return nil }
        return arcs[(start + count)..<(start + Int(entry.nameCount))]
    }

    /// The last arc of the name when the name is `column` and one arc more, as the rows of most tables have; nil otherwise.
    @inlinable package func row(_ index: Int, of column: Span<UInt32>) -> UInt32? {
        let entry = entries[index]
        let count = column.count
        guard Int(entry.nameCount) == count + 1 else { return nil }
        let start = Int(entry.nameStart)
        // Columns of one table differ in the last arc, so that is compared first.
        var offset = count - 1
        while offset >= 0 {
            if arcs[start + offset] != column[offset] { return nil }
            offset -= 1
        }
        return arcs[start + count]
    }

    /// An unsigned number: counters, gauges, ticks, and integers that are not negative.
    @inlinable package func unsigned(_ index: Int) -> UInt64? {
        let entry = entries[index]
        switch entry.tag {
        case .counter32, .gauge32, .timeTicks, .counter64, .ipAddress: return entry.number
        case .integer: return Int64(bitPattern: entry.number) >= 0 ? entry.number : nil
        default: return nil
        }
    }

    /// Any number, signed.
    @inlinable package func integer(_ index: Int) -> Int64? {
        let entry = entries[index]
        switch entry.tag {
        case .integer: return Int64(bitPattern: entry.number)
        case .counter32, .gauge32, .timeTicks, .counter64: return Int64(exactly: entry.number)
        default: return nil
        }
    }

    /// The bytes of an OCTET STRING or Opaque.
    @inlinable package func octets(_ index: Int) -> ArraySlice<UInt8>? {
        let entry = entries[index]
        guard entry.tag == .octets || entry.tag == .opaque else { return nil }
        return bytes[Int(entry.number)..<Int(entry.number) + Int(entry.count)]
    }

    package func value(_ index: Int) -> SNMPValue {
        let entry = entries[index]
        switch entry.tag {
        case .integer: return .integer(Int64(bitPattern: entry.number))
        case .octets: return .octets(Array(octets(index) ?? []))
        case .null: return .null
        case .objectIdentifier:
            return .objectIdentifier(ObjectIdentifier(Array(arcs[Int(entry.number)..<Int(entry.number) + Int(entry.count)])))
        case .ipAddress: return .ipAddress(UInt32(truncatingIfNeeded: entry.number))
        case .counter32: return .counter32(UInt32(truncatingIfNeeded: entry.number))
        case .gauge32: return .gauge32(UInt32(truncatingIfNeeded: entry.number))
        case .timeTicks: return .timeTicks(UInt32(truncatingIfNeeded: entry.number))
        case .opaque: return .opaque(Array(octets(index) ?? []))
        case .counter64: return .counter64(entry.number)
        case .noSuchObject: return .noSuchObject
        case .noSuchInstance: return .noSuchInstance
        case .endOfMibView: return .endOfMibView
        }
    }
}

/// What to ask a device for in one go.
package struct TableRequest: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Instances, by GET.
        case scalars([ObjectIdentifier])
        /// Columns of one table, walked side by side: every GETBULK asks for all of them.
        case columns([ObjectIdentifier])
    }

    /// A name for logs and for matching the answer, e.g. `ifXTable`.
    package var name: String
    package var kind: Kind
    /// Rows seen at the last walk, so that repetitions can be capped; nil when not known.
    package var expectedRows: Int?
    /// The most bindings that one walk may bring; more is a loop or a lie, and ends the walk.
    package var limit: Int

    package init(name: String, kind: Kind, expectedRows: Int? = nil, limit: Int = 200_000) {
        self.name = name
        self.kind = kind
        self.expectedRows = expectedRows
        self.limit = limit
    }
}

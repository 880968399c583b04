import Campus
import Testing

@Suite struct VariableBindingsTests {
    private static let values: [SNMPValue] = [
        .integer(-5), .octets([1, 2, 3]), .octets([]), .null, .objectIdentifier("1.3.6"), .ipAddress(0x0a00_0001), .counter32(7),
        .gauge32(8),
        .timeTicks(9), .opaque([0x9f]), .counter64(.max), .noSuchObject, .noSuchInstance, .endOfMibView,
    ]

    @Test func `every value comes back as it went in`() {
        var bindings = VariableBindings()
        for (place, value) in Self.values.enumerated() { bindings.append(name: [1, 3, UInt32(place)], value: value) }
        #expect(bindings.count == Self.values.count)
        #expect(Self.values.indices.map { bindings.value($0) } == Self.values)
        #expect(Array(bindings.name(3)) == [1, 3, 3])
    }

    @Test func `only what is a number reads as one`() {
        var bindings = VariableBindings()
        for value in Self.values { bindings.append(name: [1], value: value) }
        #expect(
            Self.values.indices.map { bindings.unsigned($0) } == [
                nil, nil, nil, nil, nil, 0x0a00_0001, 7, 8, 9, nil, .max, nil, nil, nil,
            ])
        #expect(
            Self.values.indices.map { bindings.integer($0) } == [-5, nil, nil, nil, nil, nil, 7, 8, 9, nil, nil, nil, nil, nil])
        #expect(bindings.octets(1).map { Array($0) } == [1, 2, 3])
        #expect(bindings.octets(0) == nil)
    }

    @Test func `a name's index is what follows the column`() {
        var bindings = VariableBindings()
        bindings.append(name: [1, 3, 6, 7], tag: .integer, number: 1)
        #expect(bindings.index(0, after: [1, 3].identifier).map { Array($0) } == [6, 7])
        #expect(bindings.index(0, after: [1, 3, 6, 7].identifier).map { Array($0) } == [])
        #expect(bindings.index(0, after: [1, 4].identifier) == nil)
        #expect(bindings.index(0, after: [1, 3, 6, 7, 8].identifier) == nil)
    }

    @Test func `a row of one number is told from other indices`() {
        var bindings = VariableBindings()
        for name: [UInt32] in [[1, 3, 6, 42], [1, 3, 6], [1, 3, 6, 4, 2], [1, 4, 6, 42], []] {
            bindings.append(name: name, tag: .null, number: 0)
        }
        let column: [UInt32] = [1, 3, 6]
        #expect((0..<5).map { bindings.row($0, of: column.span) } == [42, nil, nil, nil, nil])
    }

    @Test func `emptied bindings are as new`() {
        var bindings = VariableBindings()
        bindings.append(name: [1], value: .octets([1]))
        bindings.removeAll()
        bindings.append(name: [2], value: .octets([9]))
        #expect(bindings.count == 1)
        #expect(bindings.value(0) == .octets([9]))
    }
}

extension [UInt32] {
    fileprivate var identifier: ObjectIdentifier { ObjectIdentifier(self) }
}

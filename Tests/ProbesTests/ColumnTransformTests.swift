import Campus
import Testing

@testable import Probes

@Suite struct ColumnTransformTests {
    /// What a column made with these keys says of a value.
    private func read(_ keys: String, _ value: SNMPValue, index: [UInt32] = [1]) throws -> String? {
        let text = """
            id: t
            title: T
            tables: {t: {table: 1.3.6.1.4.1.32473, columns: {a: 1, b: {\(keys)}}}}
            sensors: [{table: t, class: state, value: a, name: "b={b}"}]
            """
        let (library, problems) = try Fixtures.library(of: text)
        #expect(problems == [])
        let plan = library.plan(identity: VariableBindings())
        var answer = VariableBindings()
        answer.append(name: [1, 3, 6, 1, 4, 1, 32473, 1] + index, value: value)
        let report = plan.report(identity: VariableBindings(), answers: [VariableBindings(), answer])
        let name = try #require(report.sensors.first?.name)
        return name.hasPrefix("b=") ? String(name.dropFirst(2)) : nil
    }

    @Test(arguments: [
        ("of: a, as: hex", SNMPValue.octets([0, 0x1a, 0xff]), "001aff"),
        ("of: a, as: mac", .octets([0, 0x1a, 1, 2, 3, 4]), "00:1a:01:02:03:04"),
        ("of: a, as: mac", .octets(Array("00-1A-01-02-03-04".utf8)), "00:1a:01:02:03:04"),
        ("of: a, as: ip", .octets([192, 0, 2, 7]), "192.0.2.7"),
        ("of: a, as: date", .octets([0x07, 0xe8, 5, 1, 0, 0, 0, 0]), "2024-05-01"),
        ("of: a, as: signed16", .integer(65_516), "-20"),
        ("of: a, as: signed8", .integer(200), "-56"),
        ("of: a, as: float", .octets([0x41, 0xbc, 0, 0]), "23.5"),
        ("of: a, as: upper", .octets(Array("ab".utf8)), "AB"),
        ("of: a, byte: 2, width: 2", .octets([9, 1, 2, 9]), "258"),
        ("of: a, byte: 2, width: 2, little: true", .octets([9, 1, 2, 9]), "513"),
        ("of: a, byte: 1, signed: true", .octets([0xff]), "-1"),
        ("of: a, bit: 1", .octets([0x40]), "1"),
        ("of: a, bit: 9", .octets([0x40]), "0"),
        ("of: a, bit: 2", .integer(4), "1"),
        ("of: a, bits: \"4-7\"", .integer(0xa5), "10"),
        ("of: a, split: \",\", part: 2", .octets(Array("x, y ,z".utf8)), "y"),
        ("of: a, split: \",\", part: -1", .octets(Array("x, y ,z".utf8)), "z"),
        ("of: a, pattern: 'V(\\d)R(\\d)', text: \"$2.$1\"", .octets(Array("V8R3".utf8)), "3.8"),
        ("of: a, replace: {\"_\": \" \"}", .octets(Array("a_b_c".utf8)), "a b c"),
        ("of: a, names: {1: one}", .integer(1), "one"),
        ("of: a, names: {1: one}", .integer(2), "2"),
    ])
    func `a derived column reads as told`(keys: String, value: SNMPValue, text: String) throws {
        #expect(try read(keys, value) == text)
    }

    @Test(arguments: [
        ("of: a, names: {1: one}, only_names: true", SNMPValue.integer(2)),
        ("of: a, absent: [65535, 0x80000000]", .integer(65_535)),
        ("of: a, absent: [65535, 0x80000000]", .integer(-2_147_483_648)),
        ("of: a, pattern: 'V(\\d)'", .octets(Array("none".utf8))),
        ("of: a, split: \",\", part: 4", .octets(Array("x,y".utf8))),
        ("of: a, byte: 3, width: 2", .octets([1, 2, 3])),
        ("of: a, as: float", .octets([0x7f, 0xc0, 0, 0])),
        ("of: a, as: mac", .octets([1, 2])),
        ("of: a, as: date", .octets([1, 2])),
    ])
    func `what cannot be read is absent`(keys: String, value: SNMPValue) throws {
        #expect(try read(keys, value) == nil)
    }

    @Test(arguments: [
        ("index: 1", [7 as UInt32, 8, 9], "7"), ("index: -1", [7, 8, 9], "9"), ("index: \"2-3\"", [7, 8, 9], "8.9"),
        ("index: \"2-\"", [7, 8, 9, 10], "8.9.10"), ("index: \"1-\", as: ascii", [3, 97, 98, 99], "abc"),
        ("index: \"2-\", as: ascii", [5, 97, 98], "ab"),
    ])
    func `the index tells, too`(keys: String, index: [UInt32], text: String) throws {
        #expect(try read(keys, .integer(1), index: index) == text)
    }
}

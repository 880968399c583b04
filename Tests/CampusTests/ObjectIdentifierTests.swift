import Campus
import Testing

@Suite struct ObjectIdentifierTests {
    @Test(arguments: [("1.3.6.1", "1.3.6.1"), (".1.3.6.1.4294967295", "1.3.6.1.4294967295"), ("0", "0")])
    func `dotted numbers are an identifier`(text: String, printed: String) {
        #expect(ObjectIdentifier(text)?.description == printed)
    }

    @Test(arguments: ["", ".", "1..3", "1.3.", "1.4294967296", "1.-3", "1.+3", "1.3.x", "1. 3"])
    func `anything else is none`(text: String) {
        #expect(ObjectIdentifier(text) == nil)
    }

    @Test func `SNMP knows no identifier of more than 128 arcs`() {
        #expect(ObjectIdentifier(Array(repeating: "1", count: 128).joined(separator: ".")) != nil)
        #expect(ObjectIdentifier(Array(repeating: "1", count: 129).joined(separator: ".")) == nil)
    }

    @Test func `identifiers sort by arcs, not by text`() {
        let sorted = ["1.3.10", "1.3.9.5", "1.3", "1.3.9"].compactMap { ObjectIdentifier($0) }.sorted().map(\.description)
        #expect(sorted == ["1.3", "1.3.9", "1.3.9.5", "1.3.10"])
    }
}

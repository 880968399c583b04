import Campus
import Probes
import Testing

@Suite struct LinkTests {
    private static let head = "id: a\ntitle: A\n"
    private static let interfaces = """
        tables:
          ifTable: {table: 1.3.6.1.2.1.2.2.1, columns: {description: 2}}
          link: {table: 1.3.6.1.4.1.32473.1, columns: {port: 1, name: 2}}
        interfaces: {description: [ifTable.description]}
        neighbors: [{table: link, protocol: lldp, interface: [port], remote_name: name}]

        """

    private static func report(_ text: String, _ rows: [(String, SNMPValue)]) throws -> (DevicePlan, DeviceReport) {
        let (library, problems) = try Fixtures.library(of: head + text)
        #expect(problems == [])
        let recording = Recording(rows.compactMap { row in ObjectIdentifier(row.0).map { ($0, row.1) } })
        let (plan, _, report) = Fixtures.polled(recording, library: library)
        return (plan, report)
    }

    @Test(arguments: [
        (SNMPValue.integer(7), UInt32(7)), (.octets(Array("ge7".utf8)), 7), (.octets(Array("8".utf8)), 9),
        (.octets(Array("7".utf8)), 7),
        (.objectIdentifier("1.3.6.1.2.1.2.2.1.1.9"), 9),
    ])
    func `an interface is known by number, name or the row that is pointed to`(port: SNMPValue, index: UInt32) throws {
        let report = try Self.report(
            Self.interfaces,
            [
                ("1.3.6.1.2.1.2.2.1.2.7", .octets(Array("ge7".utf8))), ("1.3.6.1.2.1.2.2.1.2.9", .octets(Array("8".utf8))),
                ("1.3.6.1.4.1.32473.1.1.1", port), ("1.3.6.1.4.1.32473.1.2.1", .octets(Array("far".utf8))),
            ]
        ).1
        #expect(report.neighbors.map(\.localIndex) == [index])
    }

    @Test func `a neighbour behind an unknown port is told with the device's own word for it`() throws {
        let report = try Self.report(
            Self.interfaces,
            [
                ("1.3.6.1.4.1.32473.1.1.1", .octets(Array("rear".utf8))), ("1.3.6.1.4.1.32473.1.2.1", .octets(Array("far".utf8))),
            ]
        ).1
        #expect(report.neighbors.map(\.localIndex) == [nil])
        #expect(report.neighbors.map(\.localInterface) == ["rear"])
    }

    @Test(
        arguments: [
            ([0xb6, 0xa8, 0xca, 0xe9, 0xb9, 0xdd], "定书馆"), ([0xb6, 0xa8, 0xca, 0xe9, 0xb9], "定书"),
            ([0xfc, 0x62, 0x65, 0x72], "über"), ([0x63, 0x72, 0xe9, 0xe9], "créé"), ([0x32, 0x31, 0xb0, 0x43], "21°C"),
            ([0xe9, 0xa6, 0x86, 0xe9, 0xa6], "馆"),
        ] as [([UInt8], String)])
    func `names in GB 18030 read as such, Western ones as Latin-1, cut ones as far as they go`(
        bytes: [UInt8], text: String
    ) throws {
        let report = try Self.report(
            Self.interfaces, [("1.3.6.1.4.1.32473.1.1.1", .integer(1)), ("1.3.6.1.4.1.32473.1.2.1", .octets(bytes))]
        ).1
        #expect(report.neighbors.map(\.remoteName) == [text])
    }

    @Test func `each VLAN in use is a context, by suffix and by name, and no other`() throws {
        let (plan, answers, _) = Fixtures.polled(try Fixtures.recording("cisco-bridge"), library: Fixtures.library)
        let requests = plan.contextRequests(after: answers)
        #expect(requests.map(\.communitySuffix) == ["1", "60"])
        #expect(requests.map(\.name) == ["vlan-1", "vlan-60"])
        #expect(requests.allSatisfy { $0.requests.count == 2 })
    }

    @Test(.timeLimit(.minutes(1)))
    func `twenty thousand learned addresses are read in time that grows with their number`() throws {
        let base = "1.3.6.1.2.1.17.7.1.2.2.1.2.1"
        let report = try Self.report(
            """
            tables:
              learned:
                table: 1.3.6.1.2.1.17.7.1.2.2.1
                columns: {vlan: {index: 1}, mac: {index: "2-7", as: mac}, port: 2}
            forwarding: [{table: learned, mac: mac, vlan: vlan, interface: [port]}]

            """, (1...20_000).map { ("\(base).2.0.94.0.\($0 / 256).\($0 % 256)", .integer(3)) }
        ).1
        #expect(report.forwarding.count == 20_000)
        #expect(report.forwarding.allSatisfy { $0.vlan == 1 && $0.interfaceIndex == 3 })
    }
}

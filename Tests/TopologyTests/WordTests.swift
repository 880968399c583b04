import Campus
import Testing
import Topology

struct WordTests {
    @Test(arguments: [
        ("{building}/{room}", "图书馆/机房", "图书馆/机房"), ("{campus}-{building}-{room}", "East - Lab 3 - 201", "Lab 3/201"),
        ("{building}", "Library", "Library"), ("楼:{building} 室:{room}", "楼:A 室:101", "A/101"),
        ("{_}/{building}/{room}", "x/y/z", "y/z"),
    ]) func `locations are read by pattern`(pattern: String, text: String, place: String) throws {
        #expect(try #require(LocationPattern(pattern)).location(in: text)?.id == place)
    }

    @Test(arguments: [
        ("{building}/{room}", "Sitting on the Dock of the Bay"), ("{building}/{room}", "/101"), ("a{building}", "b"),
    ])
    func `a location that does not fit says nothing`(pattern: String, text: String) throws {
        #expect(try #require(LocationPattern(pattern)).location(in: text) == nil)
    }

    @Test(arguments: ["", "{room}", "{building}{room}", "{building", "{nonsense}", "{building}/{building}"])
    func `a pattern without a building, or that cannot be told apart, is none`(pattern: String) {
        #expect(LocationPattern(pattern) == nil)
    }

    @Test(arguments: [
        "4c11.ae00.0001", "4C-11-AE-00-00-01", "4c11-ae00-0001", "4c:11:ae:0:0:1", "4c11ae000001", " 4c:11:ae:00:00:01 ",
    ])
    func `a MAC address in any notation`(text: String) {
        #expect(MACAddress(text)?.description == "4c:11:ae:00:00:01")
    }

    @Test(arguments: [
        "", "4c11.ae00", "4c:11:ae:00:00:0g", "192.0.2.1", "4c:11:ae:00:00:01:02", "100:1:1:1:1:1", "core-1", "4c:11-ae:00:00:01",
    ])
    func `what is no MAC address`(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func `makers by registry`() {
        let registry = """
            OUI/MA-L                                                    Organization
            company_id                                                  Organization
            AC-DE-48   (hex)\t\tPrivate
            ACDE48     (base 16)\t\tPrivate
            00-11-22   (hex)\t\tCIMSYS Inc\r
            """
        let table = VendorTable(registry: registry.utf8)
        #expect(table.name(of: MACAddress(value: 0x0011_2233_4455)) == "CIMSYS Inc")
        #expect(table.name(of: MACAddress(value: 0xacde_4800_0000)) == "Private")
        #expect(table.name(of: MACAddress(value: 0x0011_2300_0000)) == nil)
        #expect(VendorTable().name(of: MACAddress(value: 0x0011_2233_4455)) == nil)
        #expect(VendorTable(registry: [UInt8](repeating: 0xff, count: 1000)).isEmpty)
    }
}

struct DuplicateTests {
    private func answer(
        _ id: String, _ address: String, name: String = "sw", serial: String = "", engine: String? = nil, mac: UInt64? = nil
    ) -> SurveyedDevice {
        var report = DeviceReport()
        report.facts.name = name
        report.facts.serial = serial
        report.facts.engineID = engine
        if let mac {
            var interface = Interface(index: 1, name: "1", type: "ethernetCsmacd")
            interface.mac = MACAddress(value: mac)
            report.interfaces = [interface]
        }
        return SurveyedDevice(id: DeviceID(id), name: name, address: IPAddress(address), report: report, at: Building.noon)
    }

    @Test func `one serial number, engine id or MAC is one device`() {
        #expect(
            Duplicates.groups([answer("a", "192.0.2.1", serial: "S12345"), answer("b", "192.0.2.2", serial: "S12345")]) == [
                [0, 1]
            ])
        #expect(
            Duplicates.groups([
                answer("a", "192.0.2.1", engine: "80001f8804aa"), answer("b", "192.0.2.2", engine: "80001f8804aa"),
            ]) == [[0, 1]])
        #expect(
            Duplicates.groups([answer("a", "192.0.2.1", mac: 0x11_2233_4455), answer("b", "192.0.2.2", mac: 0x11_2233_4455)]) == [
                [0, 1]
            ])
    }

    @Test func `an address that the other lists joins them`() {
        var first = answer("a", "192.0.2.1", mac: 0x11_2233_4455)
        first.report.addresses = [InterfaceAddress(address: IPAddress(v4: 0xc000_0202), prefixLength: 24)]
        #expect(Duplicates.groups([first, answer("b", "192.0.2.2", mac: 0x11_2233_4455)]) == [[0, 1]])
    }

    @Test func `a shared name joins nobody, and a copied engine id neither`() {
        #expect(Duplicates.groups([answer("a", "192.0.2.1"), answer("b", "192.0.2.2")]) == [[0], [1]])
        let copies = [
            answer("a", "192.0.2.1", engine: "80001f8804aa", mac: 0x11_2233_4455),
            answer("b", "192.0.2.2", engine: "80001f8804aa", mac: 0x11_2233_9999),
        ]
        #expect(Duplicates.groups(copies) == [[0], [1]])
    }

    @Test func `two serial numbers are two devices whatever else they share`() {
        let stack = [
            answer("a", "192.0.2.1", serial: "S12345", mac: 0x11_2233_4455),
            answer("b", "192.0.2.2", serial: "S99999", mac: 0x11_2233_4455),
        ]
        #expect(Duplicates.groups(stack) == [[0], [1]])
    }
}

import Campus
import Probes
import Testing

@Suite struct DeviceIdentityTests {
    private let address = IPAddress(v4: 0x0a01_0102)

    private func id(engine: String? = nil, serial: String = "", macs: [UInt64] = [], address: IPAddress? = nil, name: String = "")
        -> DeviceID
    {
        var facts = DeviceFacts()
        facts.engineID = engine
        facts.name = name
        var chassis = InventoryItem(index: 1)
        chassis.itemClass = "chassis"
        chassis.serial = serial
        let ports = macs.enumerated().map { place, mac in
            var port = Interface(index: UInt32(place + 1), type: "ethernetCsmacd")
            port.mac = MACAddress(value: mac)
            return port
        }
        return DeviceIdentity.deviceID(facts: facts, inventory: [chassis], interfaces: ports, address: address ?? self.address)
    }

    @Test func `an id is 32 hexadecimal digits and the same at every poll`() {
        let first = id(engine: "80007ed903020c29a1b2c3")
        #expect(first.text.utf8.count == 32)
        #expect(first.text.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(first == id(engine: "80007ed903020c29a1b2c3", address: IPAddress(v4: 1), name: "renamed"))
    }

    @Test(arguments: [
        ("80007ed903000000000000", "a MAC of zeros"), ("80007ed90461646d696e31", "a text that somebody chose"),
        ("80007ed9010a010102", "an IPv4 address"),
        ("0000000000000000", "zeros"), ("80007ed9050102030405", "factory octets that count up"), ("80", "too short"),
        ("zz", "no number"), ("", "nothing"),
    ])
    func `an engine id that is not the device's own is passed over`(engine: String, why: String) {
        #expect(id(engine: engine, serial: "SN-12345") == id(serial: "SN-12345"))
    }

    @Test(arguments: ["", "0", "Unknown", "N/A", "00000000", "To be filled by O.E.M."])
    func `a serial number that says nothing is passed over`(serial: String) {
        #expect(id(serial: serial, macs: [0x0025_9e01_0203]) == id(macs: [0x0025_9e01_0203]))
    }

    @Test func `the lowest universal MAC stands for the device, whatever ports come and go above it`() {
        #expect(id(macs: [0x0025_9e01_0205, 0x0025_9e01_0203]) == id(macs: [0x0200_0000_0001, 0x0025_9e01_0203]))
    }

    @Test func `with nothing else the address must do`() {
        #expect(id() == DeviceIdentity.provisional(address: address))
        #expect(id(address: IPAddress(v4: 7)) != id())
        #expect(DeviceIdentity.provisional(address: address, port: 1161) != DeviceIdentity.provisional(address: address))
    }
}

import Campus
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("10.1.60.7", "10.1.60.7"), ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("0:0:0:0:0:0:0:1", "::1"),
        ("::", "::"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("fe80::1:0:0:1", "fe80::1:0:0:1"),
    ])
    func `an address prints as RFC 5952 writes it`(text: String, canonical: String) throws {
        #expect(try #require(IPAddress(text)).description == canonical)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "01234.1.1.1", "+1.2.3.4", ":::", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7",
        "::1.2.3", "1.2.3.4:80",
        "1:2:3:4:5:6:7:8::",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.1", true), ("0.0.0.0", false), ("224.0.0.251", false), ("255.255.255.255", false), ("ff02::1", false),
        ("::", false), ("fe80::1", true),
    ])
    func `a single host has a unicast address`(text: String, isUnicast: Bool) throws {
        #expect(try #require(IPAddress(text)).isUnicast == isUnicast)
    }

    @Test func `IPv4 comes before IPv6, then the number counts`() throws {
        let sorted = ["::1", "10.0.0.2", "9.255.255.255", "2001:db8::"].compactMap { IPAddress($0) }.sorted().map(\.description)
        #expect(sorted == ["9.255.255.255", "10.0.0.2", "::1", "2001:db8::"])
    }

    @Test func `a MAC address keeps its 48 bits and prints in lower case`() {
        #expect(MACAddress(value: 0xffff_000a_bc01_02ff).description == "00:0a:bc:01:02:ff")
    }
}

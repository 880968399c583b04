import Campus
import Probes
import Testing

@Suite struct FamilyTests {
    @Test(arguments: [
        (
            "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9", "1.3.6.1.4.1.9.1.2494",
            "iosxe"
        ),
        ("Cisco IOS Software, C2960 Software, Version 15.0", "1.3.6.1.4.1.9.1.716", "ios"),
        ("Cisco NX-OS(tm) nxos, Software", "1.3.6.1.4.1.9.12.3.1.3.1508", "nxos"),
        ("S5720 Huawei Versatile Routing Platform Software VRP (R) software", "1.3.6.1.4.1.2011.2.23.291", "vrp"),
        ("H3C Comware Platform Software, Version 7.1", "1.3.6.1.4.1.25506.1.1", "comware"),
        ("Ruijie Gigabit Switch", "1.3.6.1.4.1.4881.1.1.10.1.1", "ruijie"),
        ("Linux srv 6.1", "1.3.6.1.4.1.8072.3.2.10", "linux"),
        ("Something else", "1.3.6.1.4.1.32473.1", ""),
    ])
    func `a device is known by its sysObjectID and sysDescr`(description: String, objectID: String, os: String) throws {
        let recording = Recording([
            ("1.3.6.1.2.1.1.1.0", .octets(Array(description.utf8))),
            ("1.3.6.1.2.1.1.2.0", .objectIdentifier(try #require(ObjectIdentifier(objectID)))),
        ])
        #expect(Fixtures.polled(recording, library: Fixtures.library).report.facts.os == os)
    }
}

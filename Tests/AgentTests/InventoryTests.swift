import Agent
import Campus
import Foundation
import Polling
import Testing

struct InventoryTests {
    private let switch1 = DeclaredDevice(
        address: IPAddress(v4: 0xc000_0201), name: "图书馆 A-1", layer: .access, place: "图书馆/机房", credential: "v3", tags: ["new"])
    private let switch2 = DeclaredDevice(address: IPAddress(v4: 0xc000_0202), port: 1161, name: "yes")

    private func folder() throws -> ConfigurationFolder {
        let folder = try ConfigurationFolder()
        try folder.write("secret", "12345678")
        try folder.write(
            "campanile.yaml",
            "site: {name: a}\nshare: \(Checkout.path)\ncredentials: {v3: {snmp: 2c, community: \"file:secret\"}}\n")
        return folder
    }

    @Test(arguments: ["inventory.yaml", "inventory.csv"]) func `what is added reads back as it was`(name: String) throws {
        let folder = try folder()
        var file = try InventoryFile(path: folder.path + "/" + name)
        file.append([switch1])
        try file.write()
        var again = try InventoryFile(path: folder.path + "/" + name)
        again.append([switch2])
        try again.write()
        let (settings, told) = folder.load()
        #expect(told == [])
        #expect(settings.devices == [switch1, switch2])
    }

    @Test func `what people wrote stays as it is`() throws {
        let folder = try folder()
        let mine = """
            # ours
            devices:
                - address: 192.0.2.9     # the old one
                  name: old
            """
        try folder.write("inventory.yaml", mine)
        var file = try InventoryFile(path: folder.path + "/inventory.yaml")
        file.append([switch1])
        try file.write()
        let text = try String(contentsOfFile: folder.path + "/inventory.yaml", encoding: .utf8)
        #expect(text.hasPrefix(mine))
        #expect(folder.load().settings.devices.map(\.name) == ["old", switch1.name])
    }

    @Test func `a credential changes where the device stands on one line`() throws {
        let folder = try folder()
        try folder.write(
            "inventory.yaml",
            "devices:\n  - {address: 192.0.2.1, name: a, credential: old}\n  - address: 192.0.2.2\n    credential: old\n")
        var file = try InventoryFile(path: folder.path + "/inventory.yaml")
        let changed = [0xc000_0201, 0xc000_0202].map { file.change(credential: "v3", of: IPAddress(v4: $0)) }
        #expect(changed == [true, false], "the second one stands on several lines")
        try file.write()
        #expect(
            try String(contentsOfFile: folder.path + "/inventory.yaml", encoding: .utf8).contains(
                "{address: 192.0.2.1, name: a, credential: v3}"))
    }

    @Test func `a table from a spreadsheet`() throws {
        let folder = try folder()
        try folder.write(
            "inventory.csv",
            "\u{feff}name;address;tags;management_zone\r\n\"core; \"\"1\"\"\";192.0.2.1;a b;true\r\n\r\n'=x;192.0.2.2;;\r\n")
        let (settings, told) = folder.load()
        #expect(told == [])
        #expect(settings.devices.map(\.name) == ["core; \"1\"", "=x"])
        #expect(settings.devices.first?.tags == ["a", "b"])
        #expect(settings.devices.first?.managementZone == true)
    }

    @Test func `a table's mistakes are told with their line`() throws {
        let folder = try folder()
        try folder.write("inventory.csv", "adress,name,layer\n192.0.2.1,a,core\n192.0.2.2,b,nonsense\n")
        let told = folder.load().told
        #expect(told.contains { $0.hasPrefix("inventory.csv:1:1: unknown column `adress`: did you mean `address`?") }, "\(told)")
        #expect(told.contains { $0.hasPrefix("inventory.csv:3:1: `layer` cannot be `nonsense`") }, "\(told)")
    }

    @Test func `bytes that are no UTF-8 are told, not read`() throws {
        let folder = try folder()
        try Data([0xc9, 0xcf, 0xba, 0xa3]).write(to: URL(filePath: folder.path + "/inventory.csv"))
        #expect(folder.load().told.count == 1)
        #expect(throws: AgentError.self) { try InventoryFile(path: folder.path + "/inventory.csv") }
    }
}

struct DiscoverySettingsTests {
    private func told(_ discovery: String) throws -> [String] {
        let folder = try ConfigurationFolder()
        try folder.write("secret", "12345678")
        try folder.write(
            "campanile.yaml",
            "site: {name: a}\nshare: \(Checkout.path)\ncredentials: {b: {snmp: 2c, community: \"file:secret\"}, a: {snmp: 2c, community: \"file:secret\"}}\n"
                + "discovery: \(discovery)\n")
        return folder.load().told
    }

    @Test func `credentials are tried in the file's order unless it says otherwise`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("secret", "12345678")
        let text =
            "site: {name: a}\ncredentials: {b: {snmp: 2c, community: \"file:secret\"}, a: {snmp: 2c, community: \"file:secret\"}}\n"
        try folder.write("campanile.yaml", text)
        #expect(folder.load().settings.discovery.credentials == ["b", "a"])
        try folder.write(
            "campanile.yaml", text + "discovery: {credentials: [a], ranges: [10.1.0.0/24, 10.1.1.7, 10.1.1.10-10.1.1.20]}\n")
        let discovery = folder.load().settings.discovery
        #expect(discovery.credentials == ["a"])
        #expect(discovery.ranges.map(\.count) == [254, 1, 11])
    }

    @Test(arguments: [
        ("{ranges: [10.0.0.0/8]}", "more than 1048576 addresses"), ("{ranges: [nonsense]}", "no range of addresses"),
        ("{ranges: [10.0.0.9-10.0.0.1]}", "not after the first"), ("{credentials: [c]}", "no credential is called `c`"),
        ("{every: 1s}", "write 10m or more"), ("{rate: 0}", "`rate` is 0"),
        ("{locations: [\"{room}\"]}", "is no pattern of a location"),
        ("{range: []}", "unknown key `range`: did you mean `ranges`?"), ("{ranges: [224.0.0.0/24]}", "not addresses of hosts"),
    ]) func `mistakes are told`(discovery: String, expected: String) throws {
        let told = try told(discovery)
        #expect(told.count == 1, "\(told)")
        #expect(told.first?.contains(expected) == true, "\(told)")
    }
}

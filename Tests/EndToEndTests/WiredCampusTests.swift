import Foundation
import TestSupport
import Testing

/// A campus of namespaces from a bare range of addresses to a named, wired map, and what happens when cables are moved.
@Suite(
    .serialized, .enabled(if: CampusLab.isPossible, "needs root, network namespaces, snmpd, lldpd, python3 and the built program")
)
struct WiredCampusTests {
    @Test(.timeLimit(.minutes(10))) func `a campus is found, drawn, and followed when cables move`() throws {
        let lab = try CampusLab()
        defer { lab.tearDown() }
        try lab.build()
        let desk = try Desk(lab)
        try desk.findsTheCampus()
        try desk.findsTheHost()
        try desk.seesCablesMove()
        try desk.approvesWhatIsNew()
    }
}

/// Who sits at the agent and asks.
private struct Desk {
    let lab: CampusLab
    let home: String
    private var inventory: String { home + "/inventory.yaml" }
    private var ranges: String { "10.98.0.1-10.98.0.\(CampusLab.size + 4)" }

    init(_ lab: CampusLab) throws {
        self.lab = lab
        home = lab.folder + "/agent"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        for (name, secret) in [("other", "not-this-one"), ("campus", "campus")] {
            _ = FileManager.default.createFile(
                atPath: "\(home)/\(name)", contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600])
        }
        let configuration = """
            site: {name: Lab}
            share: \(Lab.top)
            store: {path: \(home)/store}
            alerts: {log: \(home)/alerts.jsonl}
            credentials:
              other: {snmp: 2c, community: "file:other"}
              campus: {snmp: 2c, community: "file:campus"}
            """
        try configuration.write(toFile: home + "/campanile.yaml", atomically: true, encoding: .utf8)
    }

    private func run(_ arguments: [String]) -> (status: Int32, output: String) {
        lab.campanile(arguments + ["--config", home + "/campanile.yaml"])
    }

    private func json(_ arguments: [String]) throws -> [String: Any] {
        let answer = run(arguments)
        return try #require(
            JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(arguments): \(answer.output)")
    }

    private func rows(_ sql: String) throws -> [[String: Any]] {
        let answer = run(["query", "--format", "json", sql])
        return try #require(JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]], "\(answer.output)")
    }

    /// `switch-0 to1 – up switch-1`, in order.
    private func wires(_ map: Any?) throws -> Set<String> {
        let map = try #require(map as? [String: Any])
        let devices = try #require(map["devices"] as? [[String: Any]])
        let links = try #require(map["links"] as? [[String: Any]])
        let names = Dictionary(devices.map { ("\($0["id"] ?? "")", "\($0["name"] ?? "")") }) { first, _ in first }
        return Set(
            links.map { link in
                let ends = [("device", "port"), ("remote_device", "remote_port")].map { device, port in
                    "\(names["\(link[device] ?? "")"] ?? "?") \(link[port] ?? "?")"
                }
                return ends.sorted().joined(separator: " – ")
            })
    }

    private func wire(_ number: Int, _ parent: Int) -> String {
        ["\(CampusLab.name(parent)) to\(number)", "\(CampusLab.name(number)) up"].sorted().joined(separator: " – ")
    }

    private var cables: Set<String> { Set((1..<CampusLab.size).map { wire($0, CampusLab.parent($0)) }) }

    // MARK: Steps

    /// From a range of addresses to an inventory and a map, without a word written.
    func findsTheCampus() throws {
        var found: [String: Any] = [:]
        // LLDP needs some seconds until all have heard of each other.
        for _ in 0..<6 {
            found = try json(["discover", ranges, "--rate", "1000", "--json", "--dry-run"])
            if try wires(found["topology"]) == cables { break }
        }
        #expect(try wires(found["topology"]) == cables)
        #expect((found["devices"] as? [Any])?.count == CampusLab.size)
        #expect(!FileManager.default.fileExists(atPath: inventory), "a dry run writes nothing")
        let sources = ((found["topology"] as? [String: Any])?["links"] as? [[String: Any]])?.map { "\($0["source"] ?? "")" } ?? []
        #expect(sources.filter { $0 == "forwarding" }.count == 1, "the mute switch is told from learned addresses: \(sources)")
        let taken = run(["discover", ranges, "--rate", "1000", "--write", inventory])
        #expect(taken.status == 0, "\(taken.output)")
        print(taken.output)
        #expect(
            try String(contentsOfFile: inventory, encoding: .utf8).split(separator: "\n").filter { $0.contains("address:") }.count
                == CampusLab.size)
        let checked = run(["check"])
        #expect(checked.status == 0, "\(checked.output)")
        let polled = try json(["poll", "--json"])
        #expect(polled["answered"] as? Int == CampusLab.size)
        #expect(try wires(json(["topology", "--format", "json"])) == cables)
        #expect(try rows("SELECT name FROM device WHERE depends_on IS NOT NULL").count == CampusLab.size - 1)
        let again = try json(["discover", ranges, "--rate", "1000", "--json", "--dry-run"])
        #expect(again["add"] as? [String] == [])
    }

    private func port(of text: String) throws -> (now: String?, before: [String]) {
        let answer = try json(["find", text, "--json"])
        let findings = answer["findings"] as? [[String: Any]] ?? []
        let ports = findings.first?["ports"] as? [[String: Any]] ?? []
        let named = ports.map { (isCurrent: $0["current"] as? Bool ?? false, port: "\($0["device"] ?? "") \($0["port"] ?? "")") }
        return (named.first { $0.isCurrent }?.port, named.filter { !$0.isCurrent }.map(\.port))
    }

    /// snmpd looks for new interfaces every few seconds only.
    private func waitForDesk(of number: Int) throws -> (now: String?, before: [String]) {
        for _ in 0..<15 {
            lab.hostTalks()
            #expect(run(["poll"]).status == 0)
            let found = try port(of: CampusLab.hostMAC)
            if found.now == "\(CampusLab.name(number)) desk" { return found }
            usleep(2_000_000)
        }
        return try port(of: CampusLab.hostMAC)
    }

    /// `find` follows a MAC address from port to port.
    func findsTheHost() throws {
        let (first, second) = (CampusLab.size / 2, 1)
        _ = try waitForDesk(of: first)
        let asked = [CampusLab.hostMAC, "0A00.5E10.0001", CampusLab.hostAddress]
        for text in asked { #expect(try port(of: text).now == "\(CampusLab.name(first)) desk", "\(text)") }
        try lab.moveHost(to: second)
        let moved = try waitForDesk(of: second)
        #expect(moved.now == "\(CampusLab.name(second)) desk")
        #expect(moved.before == ["\(CampusLab.name(first)) desk"])
        let nobody = run(["find", "0a:00:5e:ff:ff:ff"])
        #expect(nobody.status == 1)
        #expect(nobody.output.contains("not known"))
    }

    /// A switch that is pulled out and put in elsewhere leaves its tracks.
    func seesCablesMove() throws {
        let (moved, parent) = (2, 1)
        try lab.unplug(moved)
        try lab.plug(moved, into: parent)
        var expected = cables
        expected.remove(wire(moved, CampusLab.parent(moved)))
        expected.insert(wire(moved, parent))
        var drawn: Set<String> = []
        for _ in 0..<10 {
            usleep(2_000_000)
            _ = run(["poll"])
            drawn = try wires(json(["topology", "--format", "json"]))
            if drawn == expected { break }
        }
        #expect(drawn == expected)
        let changes = Set(try rows("SELECT what FROM change").map { "\($0["what"] ?? "")" })
        for what in ["link-removed", "link-added", "neighbor-removed", "neighbor-added"] {
            #expect(changes.contains(what), "\(what): \(changes)")
        }
        let parentNow = try rows(
            "SELECT p.name FROM device d JOIN device p ON p.id = d.parent WHERE d.name = '\(CampusLab.name(moved))'")
        #expect(parentNow.first?["name"] as? String == CampusLab.name(parent))
    }

    /// A new switch waits for approval; one that has gone is told.
    func approvesWhatIsNew() throws {
        let new = CampusLab.size
        try lab.addSwitch(new)
        try lab.plug(new, into: 0)
        try lab.startDaemons(new)
        lab.stopDaemons(CampusLab.mute)
        var found: [String: Any] = [:]
        for _ in 0..<5 {
            found = try json(["discover", ranges, "--rate", "1000", "--json"])
            if (found["add"] as? [String])?.isEmpty == false { break }
        }
        #expect(found["add"] as? [String] == [CampusLab.address(new)])
        #expect(found["silent"] as? [String] == [CampusLab.address(CampusLab.mute)])
        let what = try rows("SELECT what, device FROM change WHERE what IN ('new', 'gone') ORDER BY what").map {
            "\($0["what"] ?? "")"
        }
        #expect(what == ["gone", "new"])
        #expect(run(["discover", "approve", "--dry-run"]).output.contains(CampusLab.name(new)))
        #expect(run(["discover", "approve"]).status == 0)
        #expect(try String(contentsOfFile: inventory, encoding: .utf8).contains(CampusLab.address(new)))
        #expect(run(["discover", "approve"]).output.contains("no device waits"))
        #expect(run(["check"]).status == 0)
    }
}

import Foundation
import Glibc
import TestSupport

/// A campus of network namespaces: switches made of bridges, with a real snmpd and lldpd each, a host that watches and one that
/// wanders. Switch 0 is the core; switch n hangs at switch (n − 1) / 3.
final class CampusLab {
    /// The daemons beside what `Lab` needs.
    static let isPossible =
        Lab.isPossible
        && ["/usr/sbin/lldpd", "/usr/sbin/lldpcli", "/usr/bin/python3"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }

    /// How many switches; CAMPANILE_CAMPUS asks for more.
    static let size = min(60, max(8, ProcessInfo.processInfo.environment["CAMPANILE_CAMPUS"].flatMap { Int($0) } ?? 8))

    let folder: String
    private let prefix = "campanile-c\(getpid())-"
    private var namespaces: [String] = []
    private var children: [String: [ChildProcess]] = [:]

    var agent: String { prefix + "agent" }
    var host: String { prefix + "host" }
    static let hostMAC = "0a:00:5e:10:00:01"
    static let hostAddress = "10.98.200.1"

    /// The last switch tells nobody of itself: its link must be told from learned addresses.
    static var mute: Int { size - 1 }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-campus-\(getpid())").path()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func build() throws {
        for number in 0..<Self.size { try addSwitch(number) }
        for number in 1..<Self.size { try plug(number, into: Self.parent(number)) }
        try addNamespace(agent)
        try addNamespace(host)
        try cable(agent, "eth0", switch: 0, "agent", address: "10.98.255.254/16")
        try moveHost(to: Self.size / 2)
        for number in 0..<Self.size { try startDaemons(number) }
    }

    static func parent(_ number: Int) -> Int { (number - 1) / 3 }
    static func address(_ number: Int) -> String { "10.98.0.\(number + 1)" }
    static func name(_ number: Int) -> String { "switch-\(number)" }
    func namespace(_ number: Int) -> String { prefix + "s\(number)" }

    // MARK: Cables

    private func addNamespace(_ name: String) throws {
        try must(["ip", "netns", "add", name])
        namespaces.append(name)
        try must(["ip", "-n", name, "link", "set", "lo", "up"])
    }

    func addSwitch(_ number: Int) throws {
        let name = namespace(number)
        try addNamespace(name)
        try must(["ip", "-n", name, "link", "add", "br0", "type", "bridge"])
        try must([
            "ip", "-n", name, "link", "set", "dev", "br0", "address", "0a:00:5e:00:00:" + String(number + 16, radix: 16), "up",
        ])
        try must(["ip", "-n", name, "address", "add", Self.address(number) + "/16", "dev", "br0"])
    }

    /// Ports are named for what they lead to: `to3` and, at the other end, `up`.
    func plug(_ number: Int, into parent: Int) throws {
        let (below, above) = (namespace(number), namespace(parent))
        try must(["ip", "-n", above, "link", "add", "to\(number)", "type", "veth", "peer", "name", "up", "netns", below])
        for (namespace, port) in [(above, "to\(number)"), (below, "up")] {
            try must(["ip", "-n", namespace, "link", "set", "dev", port, "master", "br0", "up"])
        }
    }

    func unplug(_ number: Int) throws { try must(["ip", "-n", namespace(number), "link", "del", "dev", "up"]) }

    private func cable(
        _ namespace: String, _ port: String, switch number: Int, _ far: String, address: String, mac: String? = nil
    ) throws {
        let above = self.namespace(number)
        try must(["ip", "-n", above, "link", "add", far, "type", "veth", "peer", "name", port, "netns", namespace])
        try must(["ip", "-n", above, "link", "set", "dev", far, "master", "br0", "up"])
        if let mac { try must(["ip", "-n", namespace, "link", "set", "dev", port, "address", mac]) }
        try must(["ip", "-n", namespace, "link", "set", "dev", port, "up"])
        try must(["ip", "-n", namespace, "address", "add", address, "dev", port])
    }

    /// Pulls the wandering host's cable, if it has one, and puts it into port `desk` of another switch.
    func moveHost(to number: Int) throws {
        _ = Lab.run(["ip", "-n", host, "link", "del", "dev", "eth0"])
        try cable(host, "eth0", switch: number, "desk", address: Self.hostAddress + "/16", mac: Self.hostMAC)
    }

    /// The host talks, so that switches learn where it is and the core knows its address.
    func hostTalks() {
        _ = Lab.run(["ip", "netns", "exec", host, "ping", "-c", "2", "-i", "0.2", "-W", "2", Self.address(0)])
    }

    // MARK: Daemons

    func startDaemons(_ number: Int) throws {
        let home = folder + "/\(number)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let helper = Lab.top + "/Tests/EndToEndTests/Helpers/bridge_mib.py"
        let configuration = """
            agentaddress udp:\(Self.address(number)):161
            rocommunity campus
            sysName \(Self.name(number))
            sysDescr Switch of a test
            sysObjectID .1.3.6.1.4.1.99999.1
            sysLocation Library/Room \(number)
            engineIDType 3
            engineIDNic br0
            master agentx
            agentXSocket \(home)/agentx
            pass_persist .1.3.6.1.2.1.17 /usr/bin/python3 \(helper) br0
            """
        try configuration.write(toFile: home + "/snmpd.conf", atomically: true, encoding: .utf8)
        try spawn(
            number, ["/usr/sbin/snmpd", "-f", "-Lf", home + "/snmpd.log", "-C", "-I", "-smux", "-c", home + "/snmpd.conf"],
            environment: ["SNMP_PERSISTENT_DIR=" + home])
        guard number != Self.mute else { return }
        for _ in 0..<50 where !FileManager.default.fileExists(atPath: home + "/agentx") { usleep(100_000) }
        try spawn(
            number,
            [
                "/usr/sbin/lldpd", "-d", "-x", "-X", home + "/agentx", "-u", home + "/lldpd", "-I", "up,to*,!br0", "-S",
                "Switch of a test",
            ])
        let commands = [["configure", "system", "hostname", Self.name(number)], ["configure", "lldp", "tx-interval", "1"]]
        for command in commands {
            for _ in 0..<50 where Lab.run(["/usr/sbin/lldpcli", "-u", home + "/lldpd"] + command).status != 0 { usleep(100_000) }
        }
    }

    func stopDaemons(_ number: Int) {
        for child in children.removeValue(forKey: namespace(number)) ?? [] { child.stop() }
        kill(in: namespace(number))
    }

    private func spawn(_ number: Int, _ command: [String], environment: [String] = []) throws {
        let words = ["netns", "exec", namespace(number)] + command
        guard let child = ChildProcess("ip", words, environment: environment, output: folder + "/\(number)/out.log") else {
            throw LabError(command: words, output: "cannot be started")
        }
        children[namespace(number), default: []].append(child)
    }

    // MARK: The program

    /// `campanile ARGUMENTS` on the host that watches.
    func campanile(_ arguments: [String]) -> (status: Int32, output: String) {
        Lab.run(["ip", "netns", "exec", agent, Lab.binary ?? ""] + arguments)
    }

    /// Ends every process of the campus and removes it.
    func tearDown() {
        for child in children.values.joined() { child.stop() }
        for name in namespaces {
            kill(in: name)
            _ = Lab.run(["ip", "netns", "del", name])
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func kill(in namespace: String) {
        let pids = Lab.run(["ip", "netns", "pids", namespace]).output
        for pid in pids.split(separator: "\n").compactMap({ Int32($0) }) { Glibc.kill(pid, SIGKILL) }
    }

    private func must(_ command: [String]) throws {
        let result = Lab.run(command)
        if result.status != 0 { throw LabError(command: command, output: result.output) }
    }
}

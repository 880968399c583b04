import Foundation
import Glibc
import TestSupport
import Testing

/// The whole tower once: started as `make run` starts it, on a host of its own, then everything that should ring.
@Suite(.serialized, .enabled(if: Lab.isPossible, "needs root, network namespaces, snmpd and the built program"))
struct FirstBellTests {
    @Test(.timeLimit(.minutes(6))) func `an agent started by one command sees, judges, rings and survives`() throws {
        let lab = try Lab()
        defer { lab.tearDown() }
        let tower = Tower(lab)
        try tower.startNeighbour()
        var agent = try tower.startAgent()

        // It sees.
        let first = try #require(
            try lab.eventually { try tower.count("SELECT count(*) FROM device_now WHERE state = 'up'") == 2 },
            "\(lab.text("agent.log"))")
        print("first evidence of both devices after \(first)")
        #expect(try tower.count("SELECT count(*) FROM interface_now") > 0)
        #expect(try tower.get("/healthz").contains("ok"))
        #expect(try tower.get("/metrics").contains("campanile_"))
        let page = try tower.get("/")
        #expect(page.contains("neighbour"))
        #expect(page.contains("<html lang=\"zh"))
        #expect(try tower.get("/?lang=en").contains("<html lang=\"en"))
        try tower.screenshot()

        // It rings for a scan, for a silent agent and for a device that is gone.
        try tower.scan()
        let scanned = lab.eventually {
            tower.alertLog.contains("\"class\":\"host_sweep\"") && tower.alertLog.contains("\"class\":\"port_scan\"")
        }
        #expect(scanned != nil, "\(tower.alertLog)")
        print("scans told after \(scanned ?? .zero)")
        try tower.killLocalAgent()
        let silent = lab.eventually { tower.fired("ops.device.snmp_silent") }
        #expect(silent != nil, "\(tower.alertLog)")
        print("snmp-silent told after \(silent ?? .zero)")
        _ = lab.on(lab.b, ["ip", "link", "set", "cable-b", "down"])
        let down = lab.eventually { tower.fired("ops.device.down") }
        #expect(down != nil, "\(tower.alertLog)")
        print("device down told after \(down ?? .zero)")
        #expect(try tower.count("SELECT count(*) FROM capture_now WHERE received >= read") == 1)
        #expect(try tower.count("SELECT count(*) FROM verdict WHERE verdict = 'undetermined'") > 0)
        #expect(
            try tower.count("SELECT count(*) FROM verdict WHERE verdict = 'conform'") == 0,
            "a fresh agent knows too little for 符合")

        // It survives being killed in the middle of its work, and ends cleanly when asked.
        try tower.killAgent(SIGKILL)
        agent.wait()
        #expect(lab.campanile(["alerts", "verify", "--config", tower.configuration]).status == 0)
        agent = try tower.startAgent()
        #expect(lab.eventually { (try? tower.get("/healthz")) != nil } != nil)
        let verified = lab.campanile(["alerts", "verify", "--config", tower.configuration])
        #expect(verified.status == 0, "\(verified.output)")
        try tower.killAgent(SIGTERM)
        agent.wait()
        #expect(agent.status == 0)
    }
}

/// The agent under test and its neighbour.
private struct Tower {
    let lab: Lab
    let home: String
    var configuration: String { home + "/campanile.yaml" }
    var alertLog: String { (try? String(contentsOfFile: home + "/alerts.jsonl", encoding: .utf8)) ?? "" }

    init(_ lab: Lab) {
        self.lab = lab
        home = lab.folder + "/run"
    }

    /// A second device with an agent that speaks SNMPv2c.
    func startNeighbour() throws {
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let secret = lab.folder + "/community"
        _ = FileManager.default.createFile(
            atPath: secret, contents: Data("bell-tower".utf8), attributes: [.posixPermissions: 0o600])
        let configuration = "agentaddress udp:10.99.0.2:161\nrocommunity bell-tower\nsysName neighbour\n"
        try configuration.write(toFile: lab.folder + "/neighbour.conf", atomically: true, encoding: .utf8)
        let environment = ["SNMP_PERSISTENT_DIR=" + lab.folder + "/neighbour"]
        _ = try lab.spawn(
            lab.b, ["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-I", "-smux", "-c", lab.folder + "/neighbour.conf"],
            environment: environment, log: "neighbour.log")
        let inventory = """
            devices:
              - {address: 10.99.0.2, name: neighbour, layer: access, credential: old}
            """
        try inventory.write(toFile: home + "/inventory.yaml", atomically: true, encoding: .utf8)
    }

    func startAgent() throws -> ChildProcess {
        let credential = "old: {snmp: 2c, community: \"file:\(lab.folder)/community\"}"
        let environment = [
            "CAMPANILE_RUN_DIR=" + home, "CAMPANILE_INTERFACE=cable-a", "CAMPANILE_INTERVAL=10s",
            "CAMPANILE_CREDENTIALS=" + credential,
        ]
        return try lab.spawn(
            lab.a, [Lab.top + "/scripts/run-here", Lab.binary ?? ""], environment: environment, log: "agent.log")
    }

    func count(_ sql: String) throws -> Int {
        let answer = lab.campanile(["query", "--config", configuration, "--format", "csv", sql])
        let lines = answer.output.split(whereSeparator: \.isNewline)
        return answer.status == 0 ? lines.last.flatMap { Int($0) } ?? -1 : -1
    }

    func get(_ path: String) throws -> String {
        let answer = lab.on(lab.a, ["curl", "-sSf", "--max-time", "5", "http://127.0.0.1:8642\(path)"])
        guard answer.status == 0 else { throw LabError(command: ["GET", path], output: answer.output) }
        return answer.output
    }

    /// Looks at the page with a real browser; where none is installed that is said.
    func screenshot() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
            return print("no chromium: page not looked at")
        }
        let picture = ProcessInfo.processInfo.environment["CAMPANILE_SCREENSHOT"] ?? lab.folder + "/page.png"
        _ = lab.on(
            lab.a,
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--screenshot=\(picture)", "--window-size=1280,1600",
                "--virtual-time-budget=3000", "--user-data-dir=\(lab.folder)/chromium", "http://127.0.0.1:8642/",
            ])
        let size = try FileManager.default.attributesOfItem(atPath: picture)[.size] as? Int ?? 0
        #expect(size > 20_000, "the page is drawn")
    }

    /// One port on forty hosts, then two hundred ports on one, seen on the cable.
    func scan() throws {
        let script = """
            import socket
            def knock(host, port):
                with socket.socket() as s:
                    s.settimeout(0.2)
                    s.connect_ex((host, port))
            for host in range(100, 140): knock(f"10.99.0.{host}", 2222)
            for port in range(3000, 3200): knock("10.99.0.2", port)
            """
        _ = lab.on(lab.a, ["python3", "-c", script])
    }

    func fired(_ rule: String) -> Bool {
        alertLog.split(separator: "\n").contains { $0.contains("\"id\":\"\(rule)\"") && $0.contains("\"action\":\"firing\"") }
    }

    func killLocalAgent() throws { try signal("snmpd/pid", SIGKILL) }
    func killAgent(_ signal: Int32) throws { try self.signal("campanile.pid", signal) }

    private func signal(_ file: String, _ signal: Int32) throws {
        let text = try String(contentsOfFile: home + "/" + file, encoding: .utf8)
        if let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(pid, signal) }
    }
}

import Campus
import Testing
import Topology

struct LinkTests {
    /// core(0) – aggregation(1) – access(2), access(3)
    private let tree: [(Int, UInt32, Int, UInt32)] = [(0, 1, 1, 8), (1, 1, 2, 8), (1, 2, 3, 8)]

    private func campus() -> Building {
        var building = Building()
        for name in ["core", "aggregation", "access-1", "access-2"] { building.add(name) }
        return building
    }

    @Test func `words of both ends become one confirmed link`() {
        var building = campus()
        for (a, aPort, b, bPort) in tree { building.lldp(a, aPort, b, bPort) }
        let map = building.map()
        #expect(map.wires == ["d0:1-d1:8", "d1:1-d2:8", "d1:2-d3:8"])
        #expect(map.links.allSatisfy { $0.isConfirmed && $0.source == "lldp" })
        #expect(map.links.first?.a.name == "Gi0/1")
        #expect(map.neighbors[DeviceID("d0")].map { Array($0.values) } == [DeviceID("d1")])
    }

    @Test func `one end's word is enough, and LLDP and CDP of one wire are one link`() {
        var building = campus()
        building.see(0, 1, 1, 8)
        building.change(0) { device in
            var cdp = Neighbor(discoveryProtocol: "cdp")
            cdp.localIndex = 1
            cdp.remoteName = "aggregation.campus.example"
            cdp.remotePort = "Gi0/8"
            cdp.remoteAddress = IPAddress("192.0.2.2")
            device.report.neighbors.append(cdp)
        }
        let map = building.map()
        #expect(map.wires == ["d0:1-d1:8"])
        #expect(map.links.first?.isConfirmed == false)
        #expect(map.links.first?.source == "lldp")
    }

    @Test func `two wires between two switches are two links`() {
        var building = campus()
        building.lldp(0, 1, 1, 7)
        building.lldp(0, 2, 1, 8)
        #expect(building.map().wires == ["d0:1-d1:7", "d0:2-d1:8"])
    }

    @Test func `a name that two devices have is no identity`() {
        var building = Building()
        for name in ["core", "HUAWEI", "HUAWEI"] { building.add(name) }
        building.change(0) { device in
            var neighbor = Neighbor(discoveryProtocol: "lldp")
            neighbor.localIndex = 3
            neighbor.remoteName = "HUAWEI"
            neighbor.remoteChassis = "4c:1f:cc:00:00:09"
            device.report.neighbors.append(neighbor)
        }
        let map = building.map()
        #expect(map.links.isEmpty)
        #expect(map.strangers.map(\.neighbor.remoteName) == ["HUAWEI"])
    }

    @Test func `a name whose owner is of another make is somebody else's`() {
        var building = campus()
        building.change(0) { device in
            var neighbor = Neighbor(discoveryProtocol: "lldp")
            neighbor.localIndex = 3
            neighbor.remoteName = "access-1"
            neighbor.remoteChassis = "4c:1f:cc:00:00:09"
            device.report.neighbors.append(neighbor)
        }
        #expect(building.map().links.isEmpty)
    }

    @Test func `without LLDP the tables tell the tree`() {
        var building = campus()
        building.flood(cables: tree)
        let map = building.map()
        #expect(map.wires == ["d0:1-d1:8", "d1:1-d2:8", "d1:2-d3:8"])
        #expect(map.links.allSatisfy { $0.source == "forwarding" })
    }

    @Test func `a chain of six is told link by link`() {
        var building = Building()
        for number in 0..<6 { building.add("s\(number)") }
        building.flood(cables: (0..<5).map { ($0, 1, $0 + 1, 8) })
        #expect(building.map().wires == (0..<5).map { "d\($0):1-d\($0 + 1):8" })
    }

    @Test func `LLDP on some links and tables on others`() {
        var building = campus()
        building.lldp(0, 1, 1, 8)
        building.flood(cables: tree)
        let map = building.map()
        #expect(map.wires == ["d0:1-d1:8", "d1:1-d2:8", "d1:2-d3:8"])
        #expect(map.links.filter { $0.source == "lldp" }.count == 1)
    }

    @Test func `switches behind a hub all hang at one port`() {
        var building = Building()
        for name in ["core", "a", "b"] { building.add(name) }
        building.learn(0, 1, [Building.mac(1, 1), Building.mac(2, 1)])
        building.learn(1, 8, [Building.mac(0, 1), Building.mac(2, 1)])
        building.learn(2, 8, [Building.mac(0, 1), Building.mac(1, 1)])
        #expect(building.map().wires == ["d0:1-d1:8", "d0:1-d2:8", "d1:8-d2:8"])
    }

    @Test func `members of an aggregation stand for it`() {
        var building = Building()
        for name in ["core", "access"] {
            building.add(name)
        }
        for device in 0...1 {
            building.change(device) { device in
                device.report.interfaces.append(Interface(index: 100, name: "Po1", type: "ieee8023adLag"))
                for place in 0...1 { device.report.interfaces[place].aggregate = 100 }
            }
        }
        building.lldp(0, 1, 1, 1)
        building.lldp(0, 2, 1, 2)
        building.learn(0, 100, [Building.mac(1, 1), Building.host(1)])
        building.learn(1, 100, [Building.mac(0, 1)])
        building.learn(1, 5, [Building.host(1)])
        let map = building.map(building.seen(from: 0))
        #expect(map.wires == ["d0:1-d1:1", "d0:2-d1:2"], "the members' words; no third link from the tables")
        #expect(map.place(of: Building.host(1)) == "d1:5")
        #expect([1, 2, 100].map { map.role(1, $0) } == [.uplink, .uplink, .uplink])
        #expect(map.role(0, 100) == .trunk)
    }

    @Test func `a ring keeps all its links, and nobody in it depends on another`() {
        var building = Building()
        for number in 0..<4 { building.add("s\(number)") }
        for number in 0..<4 { building.lldp(number, 1, (number + 1) % 4, 8) }
        let map = building.map(building.seen(from: 0))
        #expect(map.wires.count == 4)
        #expect((1...3).map { map.paths[DeviceID("d\($0)")]?.dependsOn } == [DeviceID("d0"), DeviceID("d0"), DeviceID("d0")])
        #expect(map.paths[DeviceID("d2")]?.distance == 2)
        #expect(map.role(2, 1) == .uplink || map.role(2, 8) == .uplink)
    }

    @Test func `a cable back into the same switch is no link`() {
        var building = campus()
        building.see(0, 3, 0, 4)
        #expect(building.map().links.isEmpty)
    }

    @Test func `an old word is not believed against a fresh silence`() {
        var building = Building()
        building.add("core")
        building.add("moved", at: Building.noon - .seconds(7200))
        building.add("other")
        building.see(1, 8, 0, 1)
        building.lldp(0, 1, 2, 8)
        #expect(building.map().wires == ["d0:1-d2:8"])
        var fresh = Building()
        fresh.add("core")
        fresh.add("moved")
        fresh.see(1, 8, 0, 1)
        #expect(fresh.map().wires == ["d0:1-d1:8"])
    }

    @Test func `a port that is down has no link`() {
        var building = campus()
        building.lldp(0, 1, 1, 8)
        building.change(0) { $0.report.interfaces[0].oper = .down }
        #expect(building.map().links.isEmpty)
    }
}

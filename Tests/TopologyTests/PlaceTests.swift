import Campus
import Testing
import Topology

struct PlaceTests {
    private func pair() -> Building {
        var building = Building()
        building.add("core")
        building.add("access")
        return building
    }

    @Test func `an address hangs where no further switch is known`() {
        var building = pair()
        building.flood(cables: [(0, 1, 1, 8)], stations: [(1, 3, Building.host(1)), (0, 5, Building.host(2))])
        let map = building.map()
        #expect(map.place(of: Building.host(1)) == "d1:3")
        #expect(map.place(of: Building.host(2)) == "d0:5")
        #expect(map.hosts.first?.vlan == 1)
        #expect(map.role(1, 3) == .access)
    }

    @Test func `behind an unmanaged switch all hang at its port, and many make a trunk`() {
        var building = pair()
        let hosts = (1...20).map { Building.host($0) }
        building.flood(cables: [(0, 1, 1, 8)], stations: hosts.map { (1, 3, $0) })
        let map = building.map()
        #expect(hosts.allSatisfy { map.place(of: $0) == "d1:3" })
        #expect(map.role(1, 3) == .trunk)
    }

    @Test func `an address on trunks alone is said to be behind one`() {
        var building = pair()
        building.flood(cables: [(0, 1, 1, 8)])
        building.learn(0, 1, [Building.host(7)])
        #expect(building.map().place(of: Building.host(7)) == "d0:1…")
    }

    @Test func `a fresh report speaks before a stale one`() {
        var building = Building()
        building.add("a")
        building.add("b", at: Building.noon - .seconds(90_000))
        building.learn(0, 3, [Building.host(1), Building.host(2)])
        building.learn(1, 4, [Building.host(1)])
        #expect(building.map().place(of: Building.host(1)) == "d0:3")
    }

    @Test func `group addresses and zeros hang nowhere`() {
        var building = pair()
        building.learn(0, 2, [MACAddress(value: 0x0100_5e00_0001), MACAddress(value: 0), MACAddress(value: 0xffff_ffff_ffff)])
        building.learn(0, 3, [Building.host(1)])
        #expect(building.map().hosts.map(\.mac) == [Building.host(1)])
    }

    @Test func `an entry whose port is not known is passed over`() {
        var building = pair()
        building.change(0) { $0.report.forwarding = [ForwardingEntry(mac: Building.host(1), vlan: 1, interfaceIndex: nil)] }
        #expect(building.map().hosts.isEmpty)
    }

    @Test func `a polled device that does not forward hangs where its address was learned`() {
        var building = pair()
        building.add("ups", ports: 1, kind: "power")
        building.flood(cables: [(0, 1, 1, 8)], stations: [(1, 4, Building.mac(2, 1))])
        let map = building.map()
        #expect(map.wires.contains("d1:4-d2:1"))
        #expect(map.role(1, 4) == .neighbor)
    }

    @Test func `roles by what hangs there`() {
        var building = pair()
        building.flood(cables: [(0, 1, 1, 8)], stations: [(1, 2, MACAddress(value: 0x4c11_ae00_0001)), (1, 6, Building.host(6))])
        building.stranger(1, 3, name: "ap-1", capabilities: ["bridge", "wlanAccessPoint"])
        building.stranger(1, 4, name: "phone", capabilities: ["bridge", "telephone"])
        building.stranger(1, 5, name: "other-switch", capabilities: ["bridge", "router"])
        building.stranger(1, 7, name: "pc", capabilities: ["stationOnly"])
        building.change(0) { device in
            var point = AccessPoint(oid: "1.3.6.1.4.1.99999.1")
            point.mac = Building.host(6)
            device.report.accessPoints = [point]
        }
        var settings = SurveySettings()
        settings.vendors = VendorTable(registry: "4C-11-AE   (hex)\t\tHangzhou Hikvision Digital Technology Co.,Ltd.\n".utf8)
        let map = building.map(building.seen(from: 0), settings: settings)
        #expect(
            [2, 3, 4, 5, 6, 7, 8].map { map.role(1, $0) } == [
                .camera, .accessPoint, .access, .trunk, .accessPoint, .access, .uplink,
            ])
        #expect(map.role(0, 1) == .trunk)
        #expect(map.role(0, 7) == nil, "nothing is known of it")
    }

    @Test func `nothing is said of a port that is down`() {
        var building = pair()
        building.flood(cables: [(0, 1, 1, 8)], stations: [(1, 2, Building.host(1))])
        building.change(1) { $0.report.interfaces[1].oper = .down }
        #expect(building.map().role(1, 2) == nil)
    }

    @Test func `a thousand switches with three hundred addresses each are drawn within seconds`() throws {
        var building = Building()
        for number in 0..<1000 { building.add("s\(number)", ports: 52) }
        // Ten core ports, a hundred aggregations' worth of addresses on every trunk.
        for number in 1..<1000 {
            building.lldp((number - 1) / 20, UInt32((number - 1) % 20) + 1, number, 52)
            building.learn(number, 52, (0..<250).map { Building.host(UInt64(number * 7919 + $0) % 40_000 + 100_000) })
            building.learn(number, 30, (0..<50).map { Building.host(UInt64(number * 50 + $0) + 100_000) })
        }
        let clock = ContinuousClock()
        var map: CampusMap?
        let time = clock.measure { map = building.map(building.seen(from: 0)) }
        print("1000 devices, \(999 * 300) forwarding rows: \(time)")
        #expect(time < .seconds(8))
        #expect(map?.links.count == 999)
    }
}

import Campus
import Testing

@testable import Traffic

/// Gateway 10.0.0.1 is station 0x10, the victim 10.0.0.2 is 0x20, the attacker is 0x66.
struct ARPSpoofDetectorTests {
    private let gateway: (UInt64, String) = (0x10, "10.0.0.1")
    private let victim: (UInt64, String) = (0x20, "10.0.0.2")
    private let forged: (UInt64, String) = (0x66, "10.0.0.1")

    private func sceneWithGateway() -> Scene<ARPSpoofDetector> {
        var scene = Scene(ARPSpoofDetector())
        scene.arp(1, sender: victim, target: (0, "10.0.0.1"), at: 0)
        scene.arp(2, sender: gateway, target: victim, at: 1)
        return scene
    }

    @Test func `answers that nobody asked for, for somebody else's address, are spoofing`() throws {
        var scene = sceneWithGateway()
        for second in 10...12 { scene.arp(2, sender: forged, target: victim, at: second * 1000) }
        let spoof = try #require(scene.seen(at: 13_000).first)
        #expect(spoof.observationClass == "arp_spoof")
        #expect(spoof.severity == .high)
        #expect(spoof.source == address("10.0.0.1"))
        #expect(spoof.sourceMAC == MACAddress(value: 0x66))
        #expect(spoof.destination == address("10.0.0.2"))
    }

    @Test func `two stations that claim an address in turn are a conflict`() {
        var scene = sceneWithGateway()
        for round in 1...4 {
            scene.arp(1, sender: forged, target: (0, "10.0.0.1"), at: round * 2000)
            scene.arp(1, sender: gateway, target: (0, "10.0.0.1"), at: round * 2000 + 500)
        }
        #expect(scene.seen(at: 10_000).map(\.observationClass) == ["arp_spoof"])
    }

    @Test func `spoofing that goes on is told once an interval`() {
        var scene = sceneWithGateway()
        var told = 0
        for second in 10..<190 {
            scene.arp(2, sender: forged, target: victim, at: second * 1000)
            if second % 30 == 0 { scene.arp(2, sender: gateway, target: victim, at: second * 1000 + 1) }
            told += scene.seen(at: second * 1000).count
        }
        #expect(told == 3)
    }

    // What must not raise.

    @Test func `a cluster that fails over raises nothing`() {
        var scene = sceneWithGateway()
        for burst in 0..<10 {
            scene.arp(burst % 2 == 0 ? 1 : 2, sender: (0x11, "10.0.0.1"), target: (0, "10.0.0.1"), at: 5000 + burst)
        }
        scene.arp(1, sender: victim, target: (0, "10.0.0.1"), at: 20_000)
        scene.arp(2, sender: (0x11, "10.0.0.1"), target: victim, at: 20_001)
        #expect(scene.seen(at: 30_000).isEmpty)
    }

    @Test func `a lease that moves to another station raises nothing`() {
        var scene = Scene(ARPSpoofDetector())
        scene.arp(1, sender: (0x20, "10.0.0.77"), target: (0, "10.0.0.1"), at: 0)
        scene.arp(1, sender: (0x21, "0.0.0.0"), target: (0, "10.0.0.77"), at: 60_000)
        for second in 0..<20 { scene.arp(1, sender: (0x21, "10.0.0.77"), target: (0, "10.0.0.1"), at: 61_000 + second * 1000) }
        #expect(scene.seen(at: 90_000).isEmpty)
    }

    @Test(arguments: [0x0000_5e00_010a, 0x0000_5e00_0201, 0x0000_0c07_ac01, 0x0000_0c9f_f123, 0x0007_b400_0102] as [UInt64])
    func `virtual router addresses beside the router's own raise nothing`(shared: UInt64) {
        var scene = sceneWithGateway()
        for second in 1...20 {
            scene.arp(2, sender: (shared, "10.0.0.1"), target: victim, at: second * 1000)
            scene.arp(2, sender: gateway, target: victim, at: second * 1000 + 500)
        }
        #expect(scene.seen(at: 30_000).isEmpty)
    }

    @Test func `the same address in two VLANs raises nothing`() {
        var scene = Scene(ARPSpoofDetector())
        for second in 0..<10 {
            scene.arp(1, sender: gateway, target: (0, "10.0.0.9"), at: second * 1000, vlan: 10)
            scene.arp(1, sender: forged, target: (0, "10.0.0.9"), at: second * 1000 + 1, vlan: 20)
        }
        #expect(scene.seen(at: 20_000).isEmpty)
    }
}

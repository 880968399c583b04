/// A conversation's identity: protocol, both addresses and both ports, the same for both directions.
///
/// VLAN, MPLS label and interface do not count. The lower address (then the lower port) is `a`.
struct FlowKey: Equatable, Sendable {
    var aHigh: UInt64
    var aLow: UInt64
    var bHigh: UInt64
    var bLow: UInt64
    /// Port of a, port of b, protocol number, 4 or 6.
    var ports: UInt64

    init(
        aHigh: UInt64, aLow: UInt64, bHigh: UInt64, bLow: UInt64, aPort: UInt16, bPort: UInt16, protocolNumber: UInt8,
        isIPv4: Bool
    ) {
        self.aHigh = aHigh
        self.aLow = aLow
        self.bHigh = bHigh
        self.bLow = bLow
        ports = UInt64(aPort) << 48 | UInt64(bPort) << 32 | UInt64(protocolNumber) << 8 | (isIPv4 ? 4 : 6)
    }

    var aPort: UInt16 { UInt16(truncatingIfNeeded: ports >> 48) }
    var bPort: UInt16 { UInt16(truncatingIfNeeded: ports >> 32) }
    var protocolNumber: UInt8 { UInt8(truncatingIfNeeded: ports >> 8) }
    var isIPv4: Bool { ports & 0xff == 4 }

    /// Keyed by `seed`, so that nobody outside can choose addresses that collide; 0 is never returned.
    @inline(__always)
    func hash(seed: UInt64) -> UInt32 {
        let first = Self.fold(aLow ^ seed, bLow ^ 0x9e37_79b9_7f4a_7c15)
        let second = Self.fold(aHigh ^ first, bHigh ^ 0xa076_1d64_78bd_642f)
        let third = Self.fold(ports ^ second, seed ^ 0xe703_7ed1_a0b4_28db)
        return UInt32(truncatingIfNeeded: third ^ third >> 32) | 1
    }

    /// The 128-bit product's halves joined: every bit of both factors reaches every bit of the answer.
    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

/// Takes what an `Analyser` finds, packet by packet: first `frame`, then `packet`, then the messages the packet completed.
///
/// Every requirement has an empty default, so that a sink names only what it wants.
package protocol FactSink {
    /// Every frame, readable or not. `wireLength` in bytes, `at` in microseconds since 1970.
    mutating func frame(wireLength: Int, at: Int64)
    /// Every packet with an IP header.
    mutating func packet(_ fact: borrowing PacketFact)
    mutating func arp(_ fact: ARPFact)
    mutating func dns(_ fact: DNSFact)
    mutating func tls(_ fact: TLSFact)
    mutating func http(_ fact: HTTPFact)
    mutating func dhcp(_ fact: DHCPFact)
    mutating func ssh(_ fact: SSHFact)
    mutating func management(_ fact: ManagementFact)
    /// A flow's record; a flow that goes on after one gets another.
    mutating func flowEnded(_ record: FlowRecord)
}

extension FactSink {
    @inlinable package mutating func frame(wireLength: Int, at: Int64) {}
    @inlinable package mutating func packet(_ fact: borrowing PacketFact) {}
    @inlinable package mutating func arp(_ fact: ARPFact) {}
    @inlinable package mutating func dns(_ fact: DNSFact) {}
    @inlinable package mutating func tls(_ fact: TLSFact) {}
    @inlinable package mutating func http(_ fact: HTTPFact) {}
    @inlinable package mutating func dhcp(_ fact: DHCPFact) {}
    @inlinable package mutating func ssh(_ fact: SSHFact) {}
    @inlinable package mutating func management(_ fact: ManagementFact) {}
    @inlinable package mutating func flowEnded(_ record: FlowRecord) {}
}

/// Nothing is wanted but the counters; what the benchmark measures.
package struct NullSink: FactSink {
    @inlinable package init() {}
}

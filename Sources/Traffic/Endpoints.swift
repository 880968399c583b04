package import Campus

/// Who talks to whom: the 5-tuple of a packet, from its outermost IP header. Ports are 0 where the protocol has none.
package struct Endpoints: Hashable, Sendable {
    /// The IP protocol number (IANA): 6 TCP, 17 UDP, 1 ICMP …
    package var protocolNumber: UInt8
    package var sourcePort: UInt16
    package var destinationPort: UInt16
    package var source: IPAddress
    package var destination: IPAddress

    @inlinable
    package init(
        protocolNumber: UInt8, source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16
    ) {
        self.protocolNumber = protocolNumber
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
    }

    /// The same conversation seen from the other end.
    @inlinable package var reversed: Endpoints {
        Endpoints(
            protocolNumber: protocolNumber, source: destination, sourcePort: destinationPort, destination: source,
            destinationPort: sourcePort)
    }
}

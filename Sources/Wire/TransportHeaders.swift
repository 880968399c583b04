/// A TCP header (RFC 9293 §3.1).
package struct TCPHeader: Sendable {
    package static let byteCount = 20

    package let sourcePort: UInt16
    package let destinationPort: UInt16
    package let sequence: UInt32
    package let acknowledgement: UInt32
    /// FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32.
    package let flags: UInt8
    /// Where the data begins, from the header's start; at least 20.
    package let dataOffset: Int

    /// The sequence number of the first byte of data: a SYN counts as one before it (RFC 9293 §3.4).
    @inlinable package var firstByte: UInt32 { isSynchronise ? sequence &+ 1 : sequence }
    @inlinable package var isSynchronise: Bool { flags & 2 != 0 }
    @inlinable package var isFinish: Bool { flags & 1 != 0 }
    @inlinable package var isReset: Bool { flags & 4 != 0 }
    @inlinable package var isAcknowledge: Bool { flags & 16 != 0 }

    /// `bytes` from the header's start at `offset`.
    @inlinable
    package init(parsing bytes: Span<UInt8>, at offset: Int = 0) throws(WireError) {
        let word = try bytes.bigEndian(UInt16.self, at: offset &+ 12, "data offset")
        guard bytes.count &- offset >= 20 else {
            throw .truncated(field: "tcp header", needed: 20, available: bytes.count &- offset)
        }
        sourcePort = try bytes.bigEndian(UInt16.self, at: offset, "source port")
        destinationPort = try bytes.bigEndian(UInt16.self, at: offset &+ 2, "destination port")
        sequence = try bytes.bigEndian(UInt32.self, at: offset &+ 4, "sequence number")
        acknowledgement = try bytes.bigEndian(UInt32.self, at: offset &+ 8, "acknowledgement number")
        flags = UInt8(truncatingIfNeeded: word)
        dataOffset = Int(word >> 12) &* 4
        guard dataOffset >= 20 else {
            throw .impossibleLength(field: "data offset", claimed: dataOffset, available: bytes.count &- offset)
        }
    }
}

/// A UDP header (RFC 768); UDP-Lite (RFC 3828) has its coverage where the length is.
package struct UDPHeader: Sendable {
    package static let byteCount = 8

    package let sourcePort: UInt16
    package let destinationPort: UInt16
    /// Header and data, in bytes; 0 in a jumbogram (RFC 2675 §4).
    package let length: Int

    @inlinable
    package init(parsing bytes: Span<UInt8>, at offset: Int = 0) throws(WireError) {
        length = Int(try bytes.bigEndian(UInt16.self, at: offset &+ 4, "length"))
        guard bytes.count &- offset >= Self.byteCount else {
            throw .truncated(field: "udp header", needed: Self.byteCount, available: bytes.count &- offset)
        }
        sourcePort = try bytes.bigEndian(UInt16.self, at: offset, "source port")
        destinationPort = try bytes.bigEndian(UInt16.self, at: offset &+ 2, "destination port")
        guard length >= Self.byteCount || length == 0 else {
            throw .impossibleLength(field: "length", claimed: length, available: bytes.count &- offset)
        }
    }
}

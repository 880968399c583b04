package import Campus

/// An IP prefix as `10.1.0.0/16` or `2001:db8::/32`; bits beyond its length are zero.
package struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let length: Int

    /// nil unless address and length are well-formed and no bit is set beyond the length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
            (0...(address.isIPv4 ? 32 : 128)).contains(length)
        else { return nil }
        self.address = address
        self.length = length
        guard AddressPrefix.masked(address, length) == address else { return nil }
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.isIPv4 == address.isIPv4 && AddressPrefix.masked(other, length) == address
    }

    package var description: String { "\(address)/\(length)" }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        if address.isIPv4 {
            let mask = length == 0 ? 0 : UInt32.max << UInt32(32 - length)
            return IPAddress(v4: UInt32(truncatingIfNeeded: address.low) & mask)
        }
        let high = length == 0 ? 0 : length >= 64 ? UInt64.max : UInt64.max << UInt64(64 - length)
        let low = length <= 64 ? 0 : UInt64.max << UInt64(128 - length)
        return IPAddress(v6High: address.high & high, low: address.low & low)
    }
}

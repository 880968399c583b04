package import Campus

/// Addresses to sweep: `10.1.0.0/24`, `10.1.1.7`, `10.1.1.10-10.1.1.20`.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let high: UInt64
    private let low: ClosedRange<UInt64>
    private let isIPv4: Bool

    /// A sweep of more takes hours and is a slip of the pen.
    package static let most = 1 << 20

    /// Why a text is no range, with the remedy.
    package struct Refusal: Error, Hashable, Sendable {
        package let reason: String
        package let remedy: String
    }

    package init(_ text: String) throws(Refusal) {
        description = text
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let remedy = "write e.g. 10.1.0.0/24, 10.1.1.7 or 10.1.1.10-10.1.1.20"
        if parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]),
            (0...(address.isIPv4 ? 32 : 128)).contains(length)
        {
            let bits = (address.isIPv4 ? 32 : 128) - length
            guard bits <= 20 else {
                throw Refusal(
                    reason: "more than \(Self.most) addresses",
                    remedy: "sweep smaller ranges, /\(address.isIPv4 ? 12 : 108) at the most")
            }
            let mask = (UInt64(1) << UInt64(bits)) - 1
            let first = address.low & ~mask
            // The first and the last address of an IPv4 network are no host's (RFC 1122 §3.2.1.3), but of /31 and /32 they are.
            let isNet = address.isIPv4 && bits >= 2
            low = (isNet ? first + 1 : first)...(isNet ? first + mask - 1 : first + mask)
            (high, isIPv4) = (address.high, address.isIPv4)
        } else if ends.count == 2, let first = IPAddress(ends[0]), let last = IPAddress(ends[1]) {
            guard first.isIPv4 == last.isIPv4, first.high == last.high, first.low <= last.low else {
                throw Refusal(reason: "the last address is not after the first", remedy: remedy)
            }
            guard last.low - first.low < UInt64(Self.most) else {
                throw Refusal(reason: "more than \(Self.most) addresses", remedy: "sweep smaller ranges")
            }
            (low, high, isIPv4) = (first.low...last.low, first.high, first.isIPv4)
        } else if let address = IPAddress(text) {
            (low, high, isIPv4) = (address.low...address.low, address.high, address.isIPv4)
        } else {
            throw Refusal(reason: "no range of addresses", remedy: remedy)
        }
        guard addresses.first?.isUnicast == true, addresses.last?.isUnicast == true else {
            throw Refusal(reason: "not addresses of hosts", remedy: remedy)
        }
    }

    package var count: Int { low.count }

    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == isIPv4 && address.high == high && low.contains(address.low)
    }

    /// All addresses, in order.
    package var addresses: some BidirectionalCollection<IPAddress> {
        low.lazy.map { [isIPv4, high] low in
            isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
        }
    }
}

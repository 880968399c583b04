/// An IPv4 or IPv6 address as plain bits: no allocation, no reference counting, comparable.
package struct IPAddress: Hashable, Comparable, Sendable {
    /// The first 64 bits of an IPv6 address; 0 for IPv4.
    package let high: UInt64
    /// The last 64 bits; an IPv4 address in the low 32.
    package let low: UInt64
    package let isIPv4: Bool

    @inlinable package init(v4: UInt32) {
        high = 0
        low = UInt64(v4)
        isIPv4 = true
    }

    @inlinable package init(v6High: UInt64, low: UInt64) {
        high = v6High
        self.low = low
        isIPv4 = false
    }

    /// IPv4 before IPv6, then by number.
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isIPv4 != right.isIPv4 { return left.isIPv4 }
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// Whether the address is one that a single host has: not unspecified, multicast or IPv4 broadcast.
    package var isUnicast: Bool {
        if isIPv4 {
            let first = low >> 24
            return low != 0 && first < 224
        }
        return !(high >> 56 == 0xff) && !(high == 0 && low == 0)
    }
}

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// RFC 5952 text.
    package var description: String {
        if isIPv4 {
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        }
        // RFC 5952 §5: an IPv4-mapped address is written with its dotted part.
        if high == 0, low >> 32 == 0xffff {
            return "::ffff:\(IPAddress(v4: UInt32(truncatingIfNeeded: low)))"
        }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start > 1 { best = start..<end }
            start = max(end, start + 1)
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }

    /// Dotted IPv4, or IPv6 as in RFC 4291 §2.2; nil for anything else.
    package init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let words = IPAddress.parseIPv6(text) else { return nil }
            let join = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
            self.init(v6High: join(words[0..<4]), low: join(words[4..<8]))
            return
        }
        guard let number = IPAddress.parseIPv4(text) else { return nil }
        self.init(v4: number)
    }

    private static func parseIPv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                let byte = UInt8(part)
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    private static func parseIPv6(_ text: String) -> [UInt16]? {
        guard text.utf8.count <= 45 else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for (position, half) in halves.enumerated() {
            var words: [UInt16] = []
            let groups = half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false)
            for (index, group) in groups.enumerated() {
                if group.contains("."), position == halves.count - 1, index == groups.count - 1 {
                    guard let v4 = parseIPv4(group) else { return nil }
                    words.append(UInt16(v4 >> 16))
                    words.append(UInt16(v4 & 0xffff))
                } else {
                    guard (1...4).contains(group.utf8.count), let word = UInt16(group, radix: 16),
                        group.utf8.first != UInt8(ascii: "+")
                    else { return nil }
                    words.append(word)
                }
            }
            sides.append(words)
        }
        if sides.count == 1 { return sides[0].count == 8 ? sides[0] : nil }
        let missing = 8 - sides[0].count - sides[1].count
        guard missing >= 1 else { return nil }
        return sides[0] + Array(repeating: 0, count: missing) + sides[1]
    }
}

/// A 48-bit IEEE 802 address.
package struct MACAddress: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The address in the low 48 bits.
    package let value: UInt64

    @inlinable package init(value: UInt64) { self.value = value & 0xffff_ffff_ffff }

    package static func < (left: MACAddress, right: MACAddress) -> Bool { left.value < right.value }

    /// Lower-case hexadecimal with colons.
    package var description: String {
        (0..<6).map { index in
            let byte = UInt8(truncatingIfNeeded: value >> UInt64(40 - 8 * index))
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined(separator: ":")
    }

    /// Any notation that devices and people use: `00:11:22:33:44:55` (also `0:11:22:…`), `00-11-22-33-44-55`, `0011.2233.4455`,
    /// `0011-2233-4455`, `00 11 22 33 44 55`, `001122334455`.
    package init?(_ text: String) {
        let parts = text.trimmingSpaces.split(omittingEmptySubsequences: false) { ":-. ".contains($0) }
        let separators = Set(text.trimmingSpaces.filter { ":-. ".contains($0) })
        let width: Int
        switch parts.count {
        case 6: width = 2
        case 3: width = 4
        case 1: width = 12
        default: return nil
        }
        guard separators.count <= 1 else { return nil }
        var number: UInt64 = 0
        for part in parts {
            let digits = part.utf8.count
            let isWhole = digits == width || width == 2 && digits == 1 && separators == [":"]
            guard isWhole, part.allSatisfy(\.isHexDigit), let piece = UInt64(part, radix: 16) else { return nil }
            number = number << UInt64(4 * width) | piece
        }
        self.init(value: number)
    }
}

extension String {
    fileprivate var trimmingSpaces: Substring {
        let start = drop { $0 == " " }
        return start.prefix(upTo: start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex)
    }
}

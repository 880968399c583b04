package import Campus

/// Names for alerts: a ULID (48 bits of milliseconds, 80 random bits, Crockford's base 32), so that they sort by time.
package enum AlertIdentity {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    package static func make(at now: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        let time = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
        return encoded(time, 10) + encoded(generator.next() >> 24, 8) + encoded(generator.next() >> 24, 8)
    }

    private static func encoded(_ number: UInt64, _ count: Int) -> String {
        String((0..<count).reversed().map { digits[Int(number >> (UInt64($0) * 5) & 31)] })
    }
}

import Glibc

/// Our own engine, to which informs are addressed (RFC 3411 §5, RFC 3414 §2.3).
struct LocalEngine {
    let id: [UInt8]
    /// Never smaller than at an earlier start, without anything to be kept: sixteenths of the seconds since 1970.
    let boots: Int64
    private let startedAt: UInt64

    /// `name` tells this agent from others; the same at each start.
    init(name: String, now: UInt64, wallClock: Int64 = Int64(time(nil))) {
        // RFC 3411 §5: enterprise 32473 (RFC 5612), format 5: octets of the enterprise's choice.
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in name.utf8 { sum = (sum ^ UInt64(octet)) &* 0x100_0000_01b3 }
        id = [0x80, 0x00, 0x7e, 0xd9, 5] + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(56 - 8 * $0)) }
        boots = min(EngineClock.lastBoots - 1, max(1, wallClock / 16))
        startedAt = now
    }

    func seconds(now: UInt64) -> Int64 { Int64(clamping: (now &- startedAt) / 1_000_000_000) }

    /// RFC 3414 §3.2 7a.
    func admits(boots: Int64, seconds: Int64, now: UInt64) -> Bool {
        boots == self.boots && abs(seconds - self.seconds(now: now)) <= EngineClock.window
    }
}

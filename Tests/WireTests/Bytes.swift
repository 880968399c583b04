/// Writes messages for the tests, byte by byte, so that none comes from a capture.
struct Bytes {
    private(set) var all: [UInt8] = []

    init(_ bytes: [UInt8] = []) { all = bytes }

    func u8(_ value: Int) -> Bytes { appending([UInt8(truncatingIfNeeded: value)]) }
    func u16(_ value: Int) -> Bytes { appending([UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]) }
    func u32(_ value: UInt32) -> Bytes { u16(Int(value >> 16)).u16(Int(value & 0xffff)) }
    func text(_ text: String) -> Bytes { appending(Array(text.utf8)) }
    func zeros(_ count: Int) -> Bytes { appending(Array(repeating: 0, count: count)) }

    func appending(_ bytes: [UInt8]) -> Bytes {
        var copy = self
        copy.all += bytes
        return copy
    }

    /// The bytes behind their length in `size` bytes.
    func counted(_ size: Int, _ part: Bytes) -> Bytes {
        let length = (0..<size).reversed().map { UInt8(truncatingIfNeeded: part.all.count >> ($0 * 8)) }
        return appending(length).appending(part.all)
    }

    /// An Ethernet frame's beginning, from 02::01 to 02::02.
    static func ethernet(type: Int) -> Bytes { Bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]).u16(type) }

    static func ipv4(
        protocolNumber: Int, payload: [UInt8], flags: Int = 0, source: [UInt8] = [10, 0, 0, 1],
        destination: [UInt8] = [10, 0, 0, 2]
    ) -> Bytes {
        Bytes([0x45, 0]).u16(20 + payload.count).u16(7).u16(flags).u8(64).u8(protocolNumber).u16(0)
            .appending(source).appending(destination).appending(payload)
    }

    static func ipv6(next: Int, payload: [UInt8]) -> Bytes {
        Bytes([0x60, 0, 0, 0]).u16(payload.count).u8(next).u8(64)
            .appending([0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [1])
            .appending([0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [2])
            .appending(payload)
    }

    static func udp(from source: Int, to destination: Int, _ data: [UInt8]) -> Bytes {
        Bytes().u16(source).u16(destination).u16(8 + data.count).u16(0).appending(data)
    }

    /// `flags` as in the header's last byte of them.
    static func tcp(from source: Int, to destination: Int, sequence: UInt32 = 1, flags: Int = 0x10, _ data: [UInt8] = []) -> Bytes
    {
        Bytes().u16(source).u16(destination).u32(sequence).u32(1).u8(0x50).u8(flags).u16(1024).u32(0).appending(data)
    }
}

/// Numbers that look random and are the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 31
    }
}

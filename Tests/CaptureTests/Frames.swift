/// Frames and capture files made by hand.
enum Frames {
    /// Ethernet, IPv4, UDP with zero ports and `payload` zero bytes.
    static func udp(from source: UInt32, to destination: UInt32, tags: [UInt16] = [], payload: Int = 0) -> [UInt8] {
        var frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        for tag in tags { frame += big(tag) + [0, 1] }
        frame += [0x08, 0x00, 0x45, 0] + big(UInt16(28 + payload)) + [0, 0, 0, 0, 64, 17, 0, 0]
        frame += big(UInt16(source >> 16)) + big(UInt16(truncatingIfNeeded: source))
        frame += big(UInt16(destination >> 16)) + big(UInt16(truncatingIfNeeded: destination))
        return frame + [0, 0, 0, 0] + big(UInt16(8 + payload)) + [0, 0] + [UInt8](repeating: 0, count: payload)
    }

    /// A little-endian microsecond pcap file; frame k is stamped k seconds.
    static func pcap(_ frames: [[UInt8]], linkType: UInt32 = 1) -> [UInt8] {
        var file = little(0xa1b2_c3d4) + [2, 0, 4, 0] + little(0) + little(0) + little(65535) + little(linkType)
        for (index, frame) in frames.enumerated() {
            file += little(UInt32(index)) + little(7) + little(UInt32(frame.count)) + little(UInt32(frame.count + 4)) + frame
        }
        return file
    }

    /// A pcapng file with one section, one Ethernet interface and an enhanced packet block a frame.
    static func pcapng(_ frames: [[UInt8]]) -> [UInt8] {
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            let length = little(UInt32(padded.count + 12))
            return little(type) + length + padded + length
        }
        var file = block(0x0a0d_0d0a, little(0x1a2b_3c4d) + [1, 0, 0, 0] + [UInt8](repeating: 0xff, count: 8))
        file += block(1, [1, 0, 0, 0] + little(65535))
        for frame in frames {
            let lengths = little(UInt32(frame.count)) + little(UInt32(frame.count))
            file += block(6, little(0) + little(0) + little(9) + lengths + frame)
        }
        return file
    }

    private static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}

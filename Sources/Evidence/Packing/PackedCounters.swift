import Campus

/// The counters of one poll, kept so that rates go on after a restart.
///
///     version, count, then for each: index − last index − 1 (signed), admin | oper << 3, present, wide, discontinuity, speed,
///     the answered counters
enum PackedCounters {
    private static let version: UInt8 = 1

    static func encode(_ samples: [InterfaceSample]) -> [UInt8] {
        var writer = ByteWriter(capacity: samples.count * 48 + 8)
        writer.byte(version)
        writer.varint(UInt64(samples.count))
        var last: Int64 = 0
        for sample in samples {
            writer.signed(Int64(sample.index) - last - 1)
            last = Int64(sample.index)
            writer.byte(sample.admin.rawValue | sample.oper.rawValue << 3)
            writer.varint(UInt64(sample.present))
            writer.varint(UInt64(sample.wide))
            writer.varint(UInt64(sample.discontinuity))
            writer.varint(sample.speed)
            for place in 0..<13 where sample.present & (1 << UInt16(place)) != 0 { writer.varint(sample.counters[place]) }
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(PackingError) -> [InterfaceSample] {
        var reader = ByteReader(bytes)
        guard try reader.byte() == version else { throw PackingError(what: "unknown version of counters") }
        var samples: [InterfaceSample] = []
        var last: Int64 = 0
        for _ in 0..<(try reader.count(atMost: reader.remaining)) {
            last = last &+ 1 &+ (try reader.signed())
            var sample = InterfaceSample(index: UInt32(truncatingIfNeeded: last))
            let status = try reader.byte()
            sample.admin = InterfaceStatus(rawValue: status & 7) ?? .unknown
            sample.oper = InterfaceStatus(rawValue: status >> 3 & 7) ?? .unknown
            sample.present = UInt16(truncatingIfNeeded: try reader.varint()) & 0x1fff
            sample.wide = UInt16(truncatingIfNeeded: try reader.varint())
            sample.discontinuity = UInt32(truncatingIfNeeded: try reader.varint())
            sample.speed = try reader.varint()
            for place in 0..<13 where sample.present & (1 << UInt16(place)) != 0 { sample.counters[place] = try reader.varint() }
            samples.append(sample)
        }
        return samples
    }
}

/// The packed form of roll-ups.
///
///     version, start, step, number of buckets, expected of each (differences), number of series, then for each series
///     key − last key, length, and: decimals | counts differ from expected << 4 | flat << 5, the missing counts when they differ,
///     then for each bucket that has samples: (min − last min) zig-zag << 1 | bucket is flat, and when it is not:
///     average − min, max − average, max − p95, last − average
///
/// A series that stood still for the whole hour is one value.
extension RollUp {
    private static let version: UInt8 = 1
    private static let countsDiffer: UInt8 = 1 << 4
    private static let flat: UInt8 = 1 << 5
    static let mostBuckets = 64

    /// The series that `wanted` says yes to, or nil when there is none.
    func encoded(_ wanted: (UInt64) -> Bool = { _ in true }) -> [UInt8]? {
        let chosen = keys.indices.filter { wanted(keys[$0]) }
        guard !chosen.isEmpty else { return nil }
        var writer = ByteWriter(capacity: 64 + chosen.count * 24)
        writer.byte(RollUp.version)
        writer.signed(start)
        writer.signed(step)
        writer.varint(UInt64(expected.count))
        var lastExpected = 0
        for count in expected {
            writer.signed(Int64(count - lastExpected))
            lastExpected = count
        }
        writer.varint(UInt64(chosen.count))
        var lastKey: UInt64 = 0
        var part = ByteWriter(capacity: 256)
        for place in chosen {
            writer.varint(keys[place] &- lastKey)
            lastKey = keys[place]
            part.removeAll()
            encode(series(place), decimals: decimals[place], into: &part)
            writer.append(part)
        }
        return writer.bytes
    }

    private func encode(_ buckets: ArraySlice<Bucket>, decimals: Int, into writer: inout ByteWriter) {
        let differ = zip(buckets, expected).contains { $0.count != $1 }
        let first = buckets.first { $0.count > 0 }
        let isFlat = buckets.allSatisfy { $0.count == 0 || ($0.isFlat && $0.min == first?.min) }
        writer.byte(UInt8(decimals & 15) | (differ ? RollUp.countsDiffer : 0) | (isFlat ? RollUp.flat : 0))
        if differ { for (bucket, count) in zip(buckets, expected) { writer.signed(Int64(count - bucket.count)) } }
        let isRaw = decimals == Decimal.raw
        if isFlat {
            if let first { RollUp.write(first.min, isRaw, into: &writer) }
            return
        }
        var last: Int64 = 0
        for bucket in buckets where bucket.count > 0 {
            if isRaw {
                for value in [bucket.min, bucket.average, bucket.max, bucket.p95, bucket.last] {
                    RollUp.write(value, true, into: &writer)
                }
                continue
            }
            let difference = bucket.min &- last
            last = bucket.min
            writer.varint(UInt64(bitPattern: (difference << 1) ^ (difference >> 63)) << 1 | (bucket.isFlat ? 1 : 0))
            guard !bucket.isFlat else { continue }
            writer.signed(bucket.average &- bucket.min)
            writer.signed(bucket.max &- bucket.average)
            writer.signed(bucket.max &- bucket.p95)
            writer.signed(bucket.last &- bucket.average)
        }
    }

    private static func write(_ value: Int64, _ isRaw: Bool, into writer: inout ByteWriter) {
        if isRaw { writer.varint(UInt64(bitPattern: value).byteSwapped) } else { writer.signed(value) }
    }

    private static func read(_ isRaw: Bool, _ reader: inout ByteReader) throws(PackingError) -> Int64 {
        isRaw ? Int64(bitPattern: try reader.varint().byteSwapped) : try reader.signed()
    }

    init(_ bytes: [UInt8], wanted: (UInt64) -> Bool = { _ in true }) throws(PackingError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == RollUp.version else { throw PackingError(what: "unknown version of roll-up") }
        self.init(start: try reader.signed(), step: try reader.signed(), expected: [])
        var count: Int64 = 0
        for _ in 0..<(try reader.count(atMost: RollUp.mostBuckets)) {
            count = count &+ (try reader.signed())
            expected.append(Int(truncatingIfNeeded: count))
        }
        var key: UInt64 = 0
        for _ in 0..<(try reader.count(atMost: reader.remaining)) {
            key = key &+ (try reader.varint())
            guard wanted(key) else {
                try reader.skipPart()
                continue
            }
            var part = try reader.part()
            keys.append(key)
            try decodeSeries(&part)
        }
    }

    private mutating func decodeSeries(_ reader: inout ByteReader) throws(PackingError) {
        let header = try reader.byte()
        let places = Int(header & 15)
        let isRaw = places == Decimal.raw
        decimals.append(places)
        var counts = expected
        if header & RollUp.countsDiffer != 0 {
            for bucket in counts.indices { counts[bucket] = counts[bucket] &- Int(truncatingIfNeeded: try reader.signed()) }
        }
        if header & RollUp.flat != 0 {
            let value = counts.contains { $0 > 0 } ? try RollUp.read(isRaw, &reader) : 0
            for count in counts { buckets.append(Bucket(flat: value, count: count)) }
            return
        }
        var last: Int64 = 0
        for count in counts {
            buckets.append(count > 0 ? try RollUp.bucket(count, isRaw, &last, &reader) : Bucket())
        }
    }

    private static func bucket(
        _ count: Int, _ isRaw: Bool, _ last: inout Int64, _ reader: inout ByteReader
    ) throws(PackingError) -> Bucket {
        if isRaw {
            return Bucket(
                count: count, min: try read(true, &reader), average: try read(true, &reader), max: try read(true, &reader),
                p95: try read(true, &reader), last: try read(true, &reader))
        }
        let head = try reader.varint()
        let zigzag = head >> 1
        last = last &+ (Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
        if head & 1 != 0 { return Bucket(flat: last, count: count) }
        let average = last &+ (try reader.signed())
        let high = average &+ (try reader.signed())
        let p95 = high &- (try reader.signed())
        return Bucket(count: count, min: last, average: average, max: high, p95: p95, last: average &+ (try reader.signed()))
    }
}

extension Bucket {
    init(flat value: Int64, count: Int) {
        self.init(count: count, min: value, average: value, max: value, p95: value, last: value)
    }
}

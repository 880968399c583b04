/// An hour of one device, series by series: what closed windows are kept as.
///
/// All series of a chunk share one time line, for they were read by the same polls; so times cost next to nothing.
struct SampleChunk {
    /// Poll times in UTC milliseconds, ascending.
    var times: [Int64]
    /// Ascending; for interfaces `index << 4 | metric`, else the reading's number.
    var keys: [UInt64]
    var decimals: [Int]
    /// `times.count` values for each key, one after the other.
    var values: [Int64]

    init(times: [Int64] = [], keys: [UInt64] = [], decimals: [Int] = [], values: [Int64] = []) {
        self.times = times
        self.keys = keys
        self.decimals = decimals
        self.values = values
    }

    func series(_ place: Int) -> ArraySlice<Int64> { values[(place * times.count)..<((place + 1) * times.count)] }

    private static let version: UInt8 = 1
    /// A poll a second for an hour, and some.
    static let mostTimes = 4000
    /// 4000 interfaces with nine metrics at a poll every ten seconds.
    private static let mostValues = 16 << 20

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256 + values.count / 2)
        writer.byte(SampleChunk.version)
        TimeCodec.encode(times, into: &writer)
        writer.varint(UInt64(keys.count))
        var lastKey: UInt64 = 0
        var part = ByteWriter(capacity: times.count * 5)
        for (place, key) in keys.enumerated() {
            writer.varint(key &- lastKey)
            lastKey = key
            part.removeAll()
            SeriesCodec.encode(series(place), decimals: decimals[place], into: &part)
            writer.append(part)
        }
        return writer.bytes
    }

    /// The series that `wanted` says yes to; the others are stepped over.
    init(_ bytes: [UInt8], wanted: (UInt64) -> Bool = { _ in true }) throws(PackingError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == SampleChunk.version else { throw PackingError(what: "unknown version of chunk") }
        self.init(times: try TimeCodec.decode(&reader, atMost: SampleChunk.mostTimes))
        var key: UInt64 = 0
        for _ in 0..<(try reader.count(atMost: reader.remaining)) {
            key = key &+ (try reader.varint())
            guard wanted(key) else {
                try reader.skipPart()
                continue
            }
            guard values.count &+ times.count <= SampleChunk.mostValues else { throw PackingError(what: "chunk too large") }
            var part = try reader.part()
            let series = try SeriesCodec.decode(&part, count: times.count)
            keys.append(key)
            decimals.append(series.decimals)
            values.append(contentsOf: series.values)
        }
    }
}

/// Ascending times: count, first, then differences of differences.
enum TimeCodec {
    static func encode(_ times: [Int64], into writer: inout ByteWriter) {
        writer.varint(UInt64(times.count))
        var last: Int64 = 0
        var lastStep: Int64 = 0
        for time in times {
            let step = time &- last
            writer.signed(step &- lastStep)
            last = time
            lastStep = step
        }
    }

    static func decode(_ reader: inout ByteReader, atMost limit: Int) throws(PackingError) -> [Int64] {
        let count = try reader.count(atMost: min(limit, reader.remaining))
        var times: [Int64] = []
        times.reserveCapacity(count)
        var last: Int64 = 0
        var step: Int64 = 0
        for _ in 0..<count {
            step = step &+ (try reader.signed())
            last = last &+ step
            times.append(last)
        }
        return times
    }
}

/// One bucket of one series: what stays of its samples. Values are scaled integers, or bit patterns of doubles.
struct Bucket: Hashable {
    var count = 0
    var min: Int64 = 0
    var average: Int64 = 0
    var max: Int64 = 0
    var p95: Int64 = 0
    var last: Int64 = 0

    var isFlat: Bool { min == max && average == min && p95 == min && last == min }
}

/// The roll-ups of one device and hour: for each series one bucket of an hour, or twelve of five minutes.
///
/// `p95` is the nearest-rank 95th percentile of the bucket's samples (the ⌈0.95 n⌉-th smallest).
struct RollUp {
    /// Start of the first bucket and length of each, in milliseconds.
    var start: Int64
    var step: Int64
    /// How many samples each bucket should have had.
    var expected: [Int]
    var keys: [UInt64] = []
    var decimals: [Int] = []
    /// `expected.count` buckets for each key.
    var buckets: [Bucket] = []

    func series(_ place: Int) -> ArraySlice<Bucket> {
        buckets[(place * expected.count)..<((place + 1) * expected.count)]
    }

    /// Rolls up a chunk.
    init(_ chunk: SampleChunk, start: Int64, step: Int64, expected: [Int]) {
        self.start = start
        self.step = step
        self.expected = expected
        let slots = RollUp.slots(chunk.times, start: start, step: step, count: expected.count)
        keys = chunk.keys
        buckets.reserveCapacity(keys.count * expected.count)
        var scratch: [Int64] = []
        for place in keys.indices {
            let places = chunk.decimals[place]
            let rollUpDecimals = RollUp.decimals(key: keys[place], sample: places)
            decimals.append(rollUpDecimals)
            let series = chunk.series(place)
            if places != Decimal.raw, let flat = RollUp.flatValue(series) {
                let value = flat &* Int64(Decimal.power(rollUpDecimals - places))
                appendFlat(value, series, slots)
            } else {
                for slot in slots { buckets.append(RollUp.bucket(series, slot, from: places, to: rollUpDecimals, &scratch)) }
            }
        }
    }

    init(start: Int64, step: Int64, expected: [Int]) {
        self.start = start
        self.step = step
        self.expected = expected
    }

    /// Which time slots of the chunk fall into which bucket.
    private static func slots(_ times: [Int64], start: Int64, step: Int64, count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var slot = times.firstIndex { $0 >= start } ?? times.count
        for bucket in 0..<count {
            let end = start &+ Int64(bucket + 1) &* step
            let first = slot
            while slot < times.count, times[slot] < end { slot += 1 }
            ranges.append(first..<slot)
        }
        return ranges
    }

    /// Averages need places that samples do not: 42 of 60 polls up are 0.7.
    private static func decimals(key: UInt64, sample: Int) -> Int {
        if sample == Decimal.raw { return sample }
        switch Metric(rawValue: UInt8(PackedTable.metric(key))) {
        case .inBits where sample == 0, .outBits where sample == 0: return 0
        default: return min(max(sample + 2, 4), 6)
        }
    }

    private static func flatValue(_ series: ArraySlice<Int64>) -> Int64? {
        var flat: Int64?
        for value in series where value != Decimal.missing {
            if let flat, value != flat { return nil }
            flat = value
        }
        return flat
    }

    private mutating func appendFlat(_ value: Int64, _ series: ArraySlice<Int64>, _ slots: [Range<Int>]) {
        for slot in slots {
            var count = 0
            for place in slot where series[series.startIndex + place] != Decimal.missing { count += 1 }
            let kept = count > 0 ? value : 0
            buckets.append(Bucket(count: count, min: kept, average: kept, max: kept, p95: kept, last: kept))
        }
    }

    private static func bucket(
        _ series: ArraySlice<Int64>, _ slot: Range<Int>, from: Int, to: Int, _ scratch: inout [Int64]
    ) -> Bucket {
        scratch.removeAll(keepingCapacity: true)
        for place in slot {
            let value = series[series.startIndex + place]
            if value != Decimal.missing { scratch.append(value) }
        }
        guard let last = scratch.last else { return Bucket() }
        return from == Decimal.raw ? rawBucket(scratch) : scaledBucket(&scratch, last, Int64(Decimal.power(to - from)))
    }

    private static func scaledBucket(_ values: inout [Int64], _ last: Int64, _ factor: Int64) -> Bucket {
        var sum = 0.0
        var low = Int64.max
        var high = Int64.min
        for value in values {
            sum += Double(value)
            low = Swift.min(low, value)
            high = Swift.max(high, value)
        }
        let average = sum / Double(values.count) * Double(factor)
        let rank = (values.count * 95 + 99) / 100
        var p95 = high
        if rank < values.count {
            values.sort()
            p95 = values[rank - 1]
        }
        return Bucket(
            count: values.count, min: low &* factor, average: Int64(exactly: average.rounded()) ?? low &* factor,
            max: high &* factor, p95: p95 &* factor, last: last &* factor)
    }

    private static func rawBucket(_ patterns: [Int64]) -> Bucket {
        let values = patterns.map { Double(bitPattern: UInt64(bitPattern: $0)) }
        let sorted = values.sorted()
        let rank = (values.count * 95 + 99) / 100
        let average = values.reduce(0, +) / Double(values.count)
        let pattern = { (value: Double?) in Int64(bitPattern: (value ?? 0).bitPattern) }
        return Bucket(
            count: values.count, min: pattern(sorted.first), average: pattern(average), max: pattern(sorted.last),
            p95: pattern(sorted[rank - 1]), last: pattern(values.last))
    }
}

/// The packed tables of a device; each has rows, chunks and roll-ups of its own.
enum PackedTable: Int64, CaseIterable {
    case interfaces = 0
    /// Sensors, gauges and the device's latency.
    case readings = 1

    /// Series of one group: an interface has as many as there are metrics, a reading has one.
    var width: Int { self == .interfaces ? Metric.allCases.count : 1 }

    /// The key of a series in a chunk.
    static func key(group: UInt32, metric: Int) -> UInt64 { UInt64(group) << 4 | UInt64(metric) }
    static func group(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key >> 4) }
    static func metric(_ key: UInt64) -> Int { Int(key & 15) }
}

/// Gathers the polls of one device and one hour, in any order, and turns them into a chunk.
struct HourBuilder {
    private var rows: [(t: Int64, bytes: [UInt8])] = []
    private let table: PackedTable

    init(table: PackedTable) { self.table = table }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(t: Int64, _ bytes: [UInt8]) { rows.append((t, bytes)) }

    /// All polls as a chunk, joined with what an earlier closing of the same hour kept; polls that cannot be read are counted.
    mutating func chunk(joining kept: SampleChunk? = nil, onlyGroup: UInt32? = nil) -> (chunk: SampleChunk, damaged: Int) {
        rows.sort { $0.t < $1.t }
        var times = rows.map(\.t)
        if let kept { times = Array(Set(times + kept.times)).sorted() }
        times = Array(times.prefix(SampleChunk.mostTimes))
        var matrix = SeriesMatrix(table: table, times: times, onlyGroup: onlyGroup)
        if let kept { matrix.take(kept) }
        var damaged = 0
        var slot = 0
        for row in rows {
            while slot < times.count, times[slot] < row.t { slot += 1 }
            guard slot < times.count else { break }
            do throws(PackingError) {
                try matrix.take(row.bytes, slot: slot)
            } catch {
                damaged += 1
            }
        }
        return (matrix.chunk(), damaged)
    }
}

/// A growing matrix: series by row, time slots by column. The rows of a group lie together.
private struct SeriesMatrix {
    private let table: PackedTable
    private let times: [Int64]
    private let onlyGroup: UInt32?
    private var bases: [UInt32: Int] = [:]
    private var groups: [UInt32] = []
    private var values: [Int64] = []
    /// Where the groups of the last poll lay: polls of a device nearly always list the same ones in the same order.
    private var order: [(group: UInt32, base: Int)] = []

    init(table: PackedTable, times: [Int64], onlyGroup: UInt32?) {
        self.table = table
        self.times = times
        self.onlyGroup = onlyGroup
    }

    /// The first value of the group's first series.
    private mutating func base(_ group: UInt32, position: Int) -> Int {
        if position < order.count, order[position].group == group { return order[position].base }
        let base: Int
        if let known = bases[group] {
            base = known
        } else {
            base = values.count
            bases[group] = base
            groups.append(group)
            values.append(contentsOf: repeatElement(Decimal.missing, count: times.count * table.width))
        }
        if position < order.count { order[position] = (group, base) } else { order.append((group, base)) }
        return base
    }

    mutating func take(_ bytes: [UInt8], slot: Int) throws(PackingError) {
        var position = 0
        switch table {
        case .interfaces:
            try PackedRates.decode(bytes) { rate in
                if let onlyGroup, onlyGroup != rate.index { return }
                take(rate, base: base(rate.index, position: position), slot: slot)
                position += 1
            }
        case .readings:
            for reading in try PackedReadings.decode(bytes) where onlyGroup == nil || onlyGroup == reading.number {
                if let sample = reading.sample { values[base(reading.number, position: position) + slot] = pattern(sample) }
                position += 1
            }
        }
    }

    private mutating func take(_ rate: borrowing PackedRate, base: Int, slot: Int) {
        var place = base + slot
        for metric in 0..<Metric.rateCount {
            if rate.present & (1 << UInt8(metric)) != 0 { values[place] = rate.values[metric] }
            place += times.count
        }
        // ifOperStatus 4 is `unknown`: neither up nor down.
        if rate.oper != 4 { values[place] = rate.oper == 1 ? 1 : 0 }
    }

    mutating func take(_ kept: SampleChunk) {
        let slots = kept.times.map { time in times.firstIndex(of: time) }
        for (place, key) in kept.keys.enumerated() where onlyGroup == nil || onlyGroup == PackedTable.group(key) {
            let metric = PackedTable.metric(key)
            guard metric < table.width else { continue }
            let base = base(PackedTable.group(key), position: order.count) + metric * times.count
            for (value, slot) in zip(kept.series(place), slots) where value != Decimal.missing {
                guard let slot else { continue }
                values[base + slot] = table == .interfaces ? value : pattern(Decimal.value(value, kept.decimals[place]))
            }
        }
        order.removeAll()
    }

    /// Readings are gathered as bit patterns; minus zero would be the mark of a missing one.
    private func pattern(_ value: Double) -> Int64 { value == 0 ? 0 : Int64(bitPattern: value.bitPattern) }

    /// The series that have any value at all, by key.
    func chunk() -> SampleChunk {
        var chunk = SampleChunk(times: times)
        for group in groups.sorted() {
            guard let base = bases[group] else { continue }
            for metric in 0..<table.width {
                let start = base + metric * times.count
                let series = values[start..<(start + times.count)]
                guard series.contains(where: { $0 != Decimal.missing }) else { continue }
                chunk.keys.append(PackedTable.key(group: group, metric: metric))
                if table == .interfaces {
                    chunk.decimals.append(Metric(rawValue: UInt8(metric))?.decimals ?? 0)
                    chunk.values.append(contentsOf: series)
                } else {
                    let scaled = SeriesMatrix.scaled(series)
                    chunk.decimals.append(scaled.decimals)
                    chunk.values.append(contentsOf: scaled.values)
                }
            }
        }
        return chunk
    }

    /// Bit patterns as integers of the fewest decimals that all of them have, else as they are.
    private static func scaled(_ patterns: ArraySlice<Int64>) -> (decimals: Int, values: [Int64]) {
        var decimals = 0
        for pattern in patterns where pattern != Decimal.missing {
            guard let places = Decimal.places(Double(bitPattern: UInt64(bitPattern: pattern))) else {
                return (Decimal.raw, Array(patterns))
            }
            decimals = max(decimals, places)
        }
        let values = patterns.map { pattern in
            if pattern == Decimal.missing { return pattern }
            return Decimal.scaled(Double(bitPattern: UInt64(bitPattern: pattern)), decimals) ?? Decimal.missing
        }
        return (decimals, values)
    }
}

import Campus

/// History that has not been closed yet, straight from the polls.
struct OpenHours {
    private let grain: ReadingGrain
    private let target: ReadingTarget
    private let connection: RawConnection

    private struct Group: Hashable {
        var hour: Int64
        var device: Int64
        var table: PackedTable
    }

    /// Where one device's rows are no longer followed: much longer than an hour stays open.
    private static let mostRows = 20_000

    init(_ grain: ReadingGrain, _ target: ReadingTarget, _ connection: RawConnection) {
        self.grain = grain
        self.target = target
        self.connection = connection
    }

    func parts(from: Int64, to: Int64) throws(SQLFailure) -> [ReadingPart] {
        // A bucket that began before `from` is told whole.
        let first = from - from % grain.step
        let end = to > Int64.max - grain.step ? to : to + grain.step
        var groups: [Group: HourBuilder] = [:]
        let closing = try closingDevices()
        for table in target.tables {
            try rows(table, first, end) { t, device, data in
                let group = Group(hour: t / HourKey.hour, device: device, table: table)
                // What is being closed stands in the chunks already, up to the device that closing has reached.
                if let reached = closing[group.hour], device <= reached { return }
                groups[group, default: HourBuilder(table: table)].add(t: t, data)
            }
        }
        var parts: [ReadingPart] = []
        for group in groups.keys.sorted(by: { ($0.hour, $0.device, $0.table.rawValue) < ($1.hour, $1.device, $1.table.rawValue) })
        {
            guard var builder = groups[group] else { continue }
            parts.append(try part(group, builder.chunk(onlyGroup: target.group).chunk))
        }
        return parts
    }

    private func closingDevices() throws(SQLFailure) -> [Int64: Int64] {
        let statement = try RawStatement(connection, "SELECT hour, device FROM closing")
        var reached: [Int64: Int64] = [:]
        while try statement.step() { reached[statement.integer(0)] = statement.integer(1) }
        return reached
    }

    private func rows(_ table: PackedTable, _ from: Int64, _ to: Int64, _ body: (Int64, Int64, [UInt8]) -> Void)
        throws(SQLFailure)
    {
        if let device = target.device { return try chain(table, device, from, to, body) }
        let statement = try RawStatement(
            connection, "SELECT t, device, data FROM sample_recent WHERE t >= ? AND t <= ? AND tbl = ? ORDER BY t")
        statement.bind(from, at: 1)
        statement.bind(to, at: 2)
        statement.bind(table.rawValue, at: 3)
        while try statement.step() { body(statement.integer(0), statement.integer(1), statement.bytes(2)) }
    }

    /// One device's rows, from the newest back along `previous`. Every row names one that was written before it, so this ends.
    private func chain(
        _ table: PackedTable, _ device: Int64, _ from: Int64, _ to: Int64, _ body: (Int64, Int64, [UInt8]) -> Void
    ) throws(SQLFailure) {
        let column = table == .interfaces ? "rates_row" : "readings_row"
        let head = try RawStatement(connection, "SELECT \(column) FROM device_poll WHERE device = ?")
        head.bind(device, at: 1)
        guard try head.step(), !head.isNull(0) else { return }
        let statement = try RawStatement(
            connection, "SELECT previous, data FROM sample_recent WHERE t = ? AND device = ? AND tbl = ?")
        var t = head.integer(0)
        for _ in 0..<OpenHours.mostRows {
            statement.reset()
            statement.bind(t, at: 1)
            statement.bind(device, at: 2)
            statement.bind(table.rawValue, at: 3)
            guard try statement.step() else { return }
            if t >= from, t <= to { body(t, device, statement.bytes(1)) }
            // A clock that stepped back by hours would hide older rows from this short cut, until their hour is closed.
            guard !statement.isNull(0), t >= from - 6 * HourKey.hour else { return }
            t = statement.integer(0)
        }
    }

    private func part(_ group: Group, _ chunk: SampleChunk) throws(SQLFailure) -> ReadingPart {
        var chosen = SampleChunk(times: chunk.times)
        for (place, key) in chunk.keys.enumerated() where target.wants(key, group.table) {
            chosen.keys.append(key)
            chosen.decimals.append(chunk.decimals[place])
            chosen.values.append(contentsOf: chunk.series(place))
        }
        if grain == .samples { return ReadingPart(device: group.device, table: group.table, content: .samples(chosen)) }
        let rollUp = RollUp(
            chosen, start: group.hour * HourKey.hour, step: grain.step, expected: try expected(group, until: chunk.times.last))
        return ReadingPart(device: group.device, table: group.table, content: .buckets(rollUp))
    }

    /// Buckets up to the last poll; the one that is still filling expects what fits until then.
    private func expected(_ group: Group, until last: Int64?) throws(SQLFailure) -> [Int] {
        let statement = try RawStatement(
            connection,
            "SELECT p.interval_ms, d.first_seen FROM device_poll p JOIN device d ON d.number = p.device WHERE p.device = ?")
        statement.bind(group.device, at: 1)
        let isKnown = try statement.step()
        let interval = isKnown ? statement.integer(0) : 0
        let firstSeen = isKnown && !statement.isNull(1) ? statement.integer(1) : nil
        let start = group.hour * HourKey.hour
        let end = (last ?? start) + 1
        var expected: [Int] = []
        var bucket = start
        while bucket < end, expected.count < RollUp.mostBuckets {
            // Rounded up to a whole interval: a poll at the very start of one stands for all of it.
            let until = interval > 0 ? (end + interval - 1) / interval * interval : end
            expected.append(
                Expected.samples(from: bucket, to: min(bucket + grain.step, until), interval: interval, firstSeen: firstSeen))
            bucket += grain.step
        }
        return expected
    }
}

import Campus

/// One scan of `reading`, `reading_5m` or `reading_hour`.
final class ReadingCursor: TableCursor {
    private let grain: ReadingGrain
    private let connection: RawConnection
    private var names: ReadingNames
    private var source: ReadingSource?
    private var filter = ReadingFilter(0, [])

    /// The device and hour that is being told.
    private var part: ReadingPart?
    private var series = 0
    private var slot = 0
    private var subject = ""
    private var metric = ""

    init(_ grain: ReadingGrain, _ connection: RawConnection) {
        self.grain = grain
        self.connection = connection
        names = ReadingNames(connection)
    }

    override var isAtEnd: Bool { part == nil }

    override func filter(_ constraints: UInt32, _ arguments: [SQLArgument]) throws(SQLFailure) {
        filter = ReadingFilter(constraints, arguments)
        part = nil
        source = nil
        guard let target = try names.target(filter) else { return }
        source = try ReadingSource(grain, target, filter, connection)
        try advancePart()
        try settle()
    }

    override func next() throws(SQLFailure) {
        slot += 1
        try settle()
    }

    /// Moves on to the next row that is there and asked for.
    private func settle() throws(SQLFailure) {
        while let part {
            if series >= part.keys.count {
                try advancePart()
                continue
            }
            if slot == 0, !(try nameSeries(part)) {
                series += 1
                continue
            }
            while slot < part.slotCount {
                let t = part.time(slot)
                if t >= filter.from, t <= filter.to, part.isThere(series, slot) { return }
                slot += 1
            }
            series += 1
            slot = 0
        }
    }

    private func advancePart() throws(SQLFailure) {
        part = try source?.next()
        series = 0
        slot = 0
    }

    private func nameSeries(_ part: ReadingPart) throws(SQLFailure) -> Bool {
        guard let name = try names.name(of: part.keys[series], part.table, device: part.device) else { return false }
        if let wanted = filter.metric, wanted != name.metric { return false }
        (subject, metric) = name
        return true
    }

    override func column(_ column: Int, _ result: SQLResult) {
        guard let part else { return result.setNull() }
        switch column {
        case 0: result.set(names.id(of: part.device))
        case 1: result.set(subject)
        case 2: result.set(metric)
        case 3: result.set(part.time(slot))
        default: part.set(column - 4, series, slot, result)
        }
    }
}

/// One device and hour, unpacked.
struct ReadingPart {
    enum Content {
        case samples(SampleChunk)
        case buckets(RollUp)
    }

    let device: Int64
    let table: PackedTable
    let content: Content

    var keys: [UInt64] {
        switch content {
        case .samples(let chunk): chunk.keys
        case .buckets(let rollUp): rollUp.keys
        }
    }

    var slotCount: Int {
        switch content {
        case .samples(let chunk): chunk.times.count
        case .buckets(let rollUp): rollUp.expected.count
        }
    }

    func time(_ slot: Int) -> Int64 {
        switch content {
        case .samples(let chunk): chunk.times[slot]
        case .buckets(let rollUp): rollUp.start &+ Int64(slot) &* rollUp.step
        }
    }

    /// A sample that is missing has no row; a bucket has one even when all its samples are missing.
    func isThere(_ series: Int, _ slot: Int) -> Bool {
        switch content {
        case .samples(let chunk): chunk.values[series * chunk.times.count + slot] != Decimal.missing
        case .buckets(let rollUp): rollUp.buckets[series * rollUp.expected.count + slot].count > 0 || rollUp.expected[slot] > 0
        }
    }

    func set(_ column: Int, _ series: Int, _ slot: Int, _ result: SQLResult) {
        switch content {
        case .samples(let chunk):
            result.set(Decimal.value(chunk.values[series * chunk.times.count + slot], chunk.decimals[series]))
        case .buckets(let rollUp):
            let bucket = rollUp.buckets[series * rollUp.expected.count + slot]
            let places = rollUp.decimals[series]
            if column == 5 { return result.set(Int64(bucket.count)) }
            if column == 6 { return result.set(Int64(rollUp.expected[slot])) }
            guard bucket.count > 0 else { return result.setNull() }
            let number = [bucket.min, bucket.average, bucket.max, bucket.p95, bucket.last][column]
            result.set(Decimal.value(number, places))
        }
    }
}

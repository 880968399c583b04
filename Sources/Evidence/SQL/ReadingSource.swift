import Campus

/// Hands out the parts that a scan needs: closed hours first, then what has not been closed.
///
/// One device's hours are looked up one by one by their keys; everybody's are a range, for keys begin with the hour.
final class ReadingSource {
    private let grain: ReadingGrain
    private let target: ReadingTarget
    private let connection: RawConnection
    private let from: Int64
    private let to: Int64
    private var stores: [ClosedHours] = []
    private var open: [ReadingPart]?

    init(_ grain: ReadingGrain, _ target: ReadingTarget, _ filter: ReadingFilter, _ connection: RawConnection) throws(SQLFailure)
    {
        self.grain = grain
        self.target = target
        self.connection = connection
        from = filter.from
        to = filter.to
        for store in grain.stores.reversed() {
            stores.append(try ClosedHours(store, target, from: from, to: to, connection))
        }
    }

    func next() throws(SQLFailure) -> ReadingPart? {
        while let store = stores.last {
            guard let row = try store.next() else {
                stores.removeLast()
                continue
            }
            if let part = unpack(row) { return part }
        }
        if open == nil {
            open = try OpenHours(grain, target, connection).parts(from: from, to: to).reversed()
        }
        return open?.popLast()
    }

    /// A row that cannot be read is as if it were not there; `store verify` tells of it.
    private func unpack(_ row: ClosedHours.Row) -> ReadingPart? {
        let wanted = { (key: UInt64) in self.target.wants(key, row.table) }
        if grain == .samples {
            guard let chunk = try? SampleChunk(row.data, wanted: wanted) else { return nil }
            return ReadingPart(device: row.device, table: row.table, content: .samples(chunk))
        }
        guard let rollUp = try? RollUp(row.data, wanted: wanted) else { return nil }
        return ReadingPart(device: row.device, table: row.table, content: .buckets(rollUp))
    }
}

/// Keys of packed hours: hour << 24 | device << 1 | table.
enum HourKey {
    static let hour: Int64 = 3_600_000
    /// Devices that fit into a key.
    static let mostDevices: Int64 = 1 << 23

    static func key(hour: Int64, device: Int64, table: PackedTable) -> Int64 { hour << 24 | device << 1 | table.rawValue }
    static func first(of hour: Int64) -> Int64 { hour << 24 }
    static func hour(of key: Int64) -> Int64 { key >> 24 }
    static func device(of key: Int64) -> Int64 { key >> 1 & (mostDevices - 1) }
    static func table(of key: Int64) -> PackedTable { key & 1 == 0 ? .interfaces : .readings }
}

/// The rows of one store of closed hours.
final class ClosedHours {
    struct Row {
        var device: Int64
        var table: PackedTable
        var data: [UInt8]
    }

    private let target: ReadingTarget
    private let statement: RawStatement
    /// Keys still to be looked up, when the scan is for one device.
    private var hours: Range<Int64>?
    private var tableIndex = 0

    init(_ store: String, _ target: ReadingTarget, from: Int64, to: Int64, _ connection: RawConnection) throws(SQLFailure) {
        self.target = target
        let first = max(0, from / HourKey.hour)
        let last = max(first, to / HourKey.hour)
        if target.device == nil {
            statement = try RawStatement(connection, "SELECT key, data FROM \(store) WHERE key >= ? AND key < ? ORDER BY key")
            statement.bind(HourKey.first(of: first), at: 1)
            statement.bind(HourKey.first(of: last + 1), at: 2)
            return
        }
        statement = try RawStatement(connection, "SELECT key, data FROM \(store) WHERE key = ?")
        let bounds = try RawStatement(connection, "SELECT (SELECT min(key) FROM \(store)), (SELECT max(key) FROM \(store))")
        guard try bounds.step(), !bounds.isNull(0) else {
            hours = 0..<0
            return
        }
        let lower = max(first, HourKey.hour(of: bounds.integer(0)))
        hours = lower..<max(lower, min(last, HourKey.hour(of: bounds.integer(1))) + 1)
    }

    func next() throws(SQLFailure) -> Row? {
        if let device = target.device { return try next(of: device) }
        while try statement.step() {
            let table = HourKey.table(of: statement.integer(0))
            if target.tables.contains(table) { return row() }
        }
        return nil
    }

    private func next(of device: Int64) throws(SQLFailure) -> Row? {
        while let hour = hours?.first {
            let table = target.tables[tableIndex]
            tableIndex += 1
            if tableIndex == target.tables.count {
                tableIndex = 0
                hours?.removeFirst()
            }
            statement.reset()
            statement.bind(HourKey.key(hour: hour, device: device, table: table), at: 1)
            if try statement.step() { return row() }
        }
        return nil
    }

    private func row() -> Row {
        let key = statement.integer(0)
        return Row(device: HourKey.device(of: key), table: HourKey.table(of: key), data: statement.bytes(1))
    }
}

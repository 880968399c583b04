import Campus
import GRDBSQLite

/// `latest_reading`: the sensors and gauges of the last poll that brought any, unpacked from `device_poll`.
final class LatestReadings: TableCursor {
    static let function = TableFunction(
        name: "latest_reading",
        declaration: """
            CREATE TABLE x(device INTEGER, number INTEGER, value REAL, state TEXT, raw INTEGER, text TEXT, used_bytes INTEGER,
                total_bytes INTEGER, since INTEGER, seen_at INTEGER, interval_ms INTEGER)
            """,
        constraints: [TableFunction.Constraint(column: 0, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: true)],
        estimate: { $0 == 0 ? (1e6, 20_000) : (50, 20) }, open: { connection in LatestReadings(connection) })

    private let polls: DevicePolls
    private var readings: [PackedReading] = []
    private var place = 0

    init(_ connection: RawConnection) { polls = DevicePolls(connection, blob: "readings", seenAt: "readings_at") }

    override var isAtEnd: Bool { place >= readings.count }

    override func filter(_ constraints: UInt32, _ arguments: [SQLArgument]) throws(SQLFailure) {
        try polls.start(device: constraints == 0 ? nil : arguments.first)
        readings = []
        place = 0
        try fill()
    }

    override func next() throws(SQLFailure) {
        place += 1
        try fill()
    }

    private func fill() throws(SQLFailure) {
        while place >= readings.count, try polls.next() {
            readings = (try? PackedReadings.decode(polls.blob)) ?? []
            place = 0
        }
    }

    override func column(_ column: Int, _ result: SQLResult) {
        let reading = readings[place]
        switch column {
        case 0: result.set(polls.device)
        case 1: result.set(Int64(reading.number))
        case 2: result.set(reading.value)
        case 3: result.set(SensorState(number: reading.state)?.rawValue)
        case 4: result.set(reading.raw)
        case 5: result.set(reading.text)
        case 6: result.set(reading.used.map { Int64(clamping: $0) })
        case 7: result.set(reading.total.map { Int64(clamping: $0) })
        case 8: result.set(reading.since)
        case 9: result.set(polls.seenAt)
        default: result.set(polls.interval)
        }
    }
}

import Campus
import GRDBSQLite

/// `latest_rate`: the interfaces of the last answered poll of every device, unpacked from `device_poll`.
final class LatestRates: TableCursor {
    static let function = TableFunction(
        name: "latest_rate",
        declaration: """
            CREATE TABLE x(device INTEGER, idx INTEGER, admin TEXT, oper TEXT, speed_bps INTEGER, in_bps REAL, out_bps REAL,
                utilisation REAL, in_ucast_s REAL, out_ucast_s REAL, in_errors_s REAL, out_errors_s REAL, in_discards_s REAL,
                out_discards_s REAL, gap TEXT, seen_at INTEGER, interval_ms INTEGER)
            """,
        constraints: [TableFunction.Constraint(column: 0, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: true)],
        estimate: { $0 == 0 ? (1e6, 52_000) : (50, 52) }, open: { connection in LatestRates(connection) })

    private let polls: DevicePolls
    private var rates: [PackedRate] = []
    private var place = 0

    init(_ connection: RawConnection) { polls = DevicePolls(connection, blob: "rates", seenAt: "rates_at") }

    override var isAtEnd: Bool { place >= rates.count }

    override func filter(_ constraints: UInt32, _ arguments: [SQLArgument]) throws(SQLFailure) {
        try polls.start(device: constraints == 0 ? nil : arguments.first)
        rates = []
        place = 0
        try fill()
    }

    override func next() throws(SQLFailure) {
        place += 1
        try fill()
    }

    /// Goes on to the next device that has interfaces. A blob that cannot be read has none.
    private func fill() throws(SQLFailure) {
        while place >= rates.count, try polls.next() {
            rates = (try? PackedRates.decode(polls.blob)) ?? []
            place = 0
        }
    }

    override func column(_ column: Int, _ result: SQLResult) {
        let rate = rates[place]
        switch column {
        case 0: result.set(polls.device)
        case 1: result.set(Int64(rate.index))
        case 2: result.set((InterfaceStatus(rawValue: rate.admin) ?? .unknown).name)
        case 3: result.set((InterfaceStatus(rawValue: rate.oper) ?? .unknown).name)
        case 4: result.set(rate.speed == 0 ? nil : Int64(clamping: rate.speed))
        case 5: result.set(rate.value(.inBits))
        case 6: result.set(rate.value(.outBits))
        case 7: result.set(rate.utilisation)
        case 8: result.set(rate.value(.inUnicast))
        case 9: result.set(rate.value(.outUnicast))
        case 10: result.set(rate.value(.inErrors))
        case 11: result.set(rate.value(.outErrors))
        case 12: result.set(rate.value(.inDiscards))
        case 13: result.set(rate.value(.outDiscards))
        case 14: result.set(RateGap(rawValue: rate.gap).map { "\($0)" })
        case 15: result.set(polls.seenAt)
        default: result.set(polls.interval)
        }
    }
}

/// Steps through `device_poll`, one device or all of them, reading one of its packed columns.
final class DevicePolls {
    private let connection: RawConnection
    private let columns: String
    private var one: RawStatement?
    private var all: RawStatement?
    private var isOne = false
    private(set) var device: Int64 = 0
    private(set) var seenAt: Int64?
    private(set) var interval: Int64 = 0
    private(set) var blob: [UInt8] = []

    init(_ connection: RawConnection, blob: String, seenAt: String) {
        self.connection = connection
        columns = "SELECT device, \(seenAt), interval_ms, \(blob) FROM device_poll WHERE \(blob) IS NOT NULL"
    }

    func start(device: SQLArgument?) throws(SQLFailure) {
        isOne = device != nil
        if let device {
            if one == nil { one = try RawStatement(connection, columns + " AND device = ?") }
            one?.reset()
            one?.bind(device.int64 ?? -1, at: 1)
        } else {
            if all == nil { all = try RawStatement(connection, columns + " ORDER BY device") }
            all?.reset()
        }
    }

    func next() throws(SQLFailure) -> Bool {
        isOne ? try take(&one) : try take(&all)
    }

    private func take(_ statement: inout RawStatement?) throws(SQLFailure) -> Bool {
        guard try statement?.step() == true else {
            statement?.reset()
            return false
        }
        device = statement?.integer(0) ?? 0
        seenAt = statement?.isNull(1) == false ? statement?.integer(1) : nil
        interval = statement?.integer(2) ?? 0
        blob = statement?.bytes(3) ?? []
        return true
    }
}

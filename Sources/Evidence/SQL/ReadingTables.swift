import Campus
import GRDBSQLite

extension TableFunction {
    /// Every table that a connection of the store has beside the ordinary ones.
    static let all = [LatestRates.function, LatestReadings.function] + ReadingGrain.allCases.map(\.function)
}

/// How finely history is read.
enum ReadingGrain: CaseIterable {
    case samples, fiveMinutes, hours

    var table: String {
        switch self {
        case .samples: "reading"
        case .fiveMinutes: "reading_5m"
        case .hours: "reading_hour"
        }
    }

    /// Where closed hours are kept.
    var stores: [String] {
        switch self {
        case .samples: ["chunk"]
        case .fiveMinutes: ["rollup_5m", "rollup_5m_uplink"]
        case .hours: ["rollup_hour"]
        }
    }

    /// Length of a bucket in milliseconds.
    var step: Int64 {
        switch self {
        case .samples: 1
        case .fiveMinutes: 300_000
        case .hours: 3_600_000
        }
    }

    private var columns: String {
        switch self {
        case .samples: "value REAL"
        case .fiveMinutes, .hours: "min REAL, avg REAL, max REAL, p95 REAL, last REAL, count INTEGER, expected INTEGER"
        }
    }

    /// `reading`, `reading_5m`, `reading_hour`: closed hours from chunks and roll-ups, the running ones from the recent rows.
    /// Comparisons of device, subject, metric and time decide which hours and series are unpacked at all.
    var function: TableFunction {
        let lower = [SQLITE_INDEX_CONSTRAINT_GE, SQLITE_INDEX_CONSTRAINT_GT]
        let upper = [SQLITE_INDEX_CONSTRAINT_LE, SQLITE_INDEX_CONSTRAINT_LT]
        return TableFunction(
            name: table, declaration: "CREATE TABLE x(device TEXT, subject TEXT, metric TEXT, t INTEGER, \(columns))",
            constraints: [
                TableFunction.Constraint(column: 0, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: true),
                TableFunction.Constraint(column: 1, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: true),
                TableFunction.Constraint(column: 2, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: true),
                TableFunction.Constraint(column: 3, operators: [SQLITE_INDEX_CONSTRAINT_EQ], isExact: false),
                TableFunction.Constraint(column: 3, operators: lower, isExact: false),
                TableFunction.Constraint(column: 3, operators: upper, isExact: false),
            ], estimate: ReadingGrain.estimate, open: { connection in ReadingCursor(self, connection) })
    }

    /// A scan without a device or subject unpacks everybody's history. Its cost is told as far beyond the truth, so that a join
    /// never begins with it: SQLite takes a table that it has no statistics of for a million rows.
    private static func estimate(_ mask: UInt32) -> (cost: Double, rows: Int64) {
        var rows = 1e8
        if mask & 0b000011 != 0 { rows /= 1000 }
        if mask & 0b000010 != 0 { rows /= 20 }
        if mask & 0b000100 != 0 { rows /= 5 }
        if mask & 0b001000 != 0 { rows /= 10_000 }
        if mask & 0b010000 != 0 { rows /= 30 }
        if mask & 0b100000 != 0 { rows /= 2 }
        return (rows * (mask & 0b000011 == 0 ? 10_000 : 10), Int64(max(1, rows)))
    }
}

/// What a scan of history is after, from the constraints that SQLite handed down.
struct ReadingFilter {
    var device: String?
    var subject: String?
    var metric: String?
    /// First and last time asked for, in UTC milliseconds.
    var from: Int64 = 0
    var to: Int64 = PollRecorder.times.upperBound
    /// A comparison with NULL or of the wrong type: no row can satisfy it.
    var isImpossible = false

    init(_ mask: UInt32, _ arguments: [SQLArgument]) {
        var rest = arguments[...]
        for kind in 0..<6 where mask & (1 << UInt32(kind)) != 0 {
            guard let argument = rest.popFirst() else { break }
            switch (kind, argument) {
            case (0, .text(let text)): device = text
            case (1, .text(let text)): subject = text
            case (2, .text(let text)): metric = text
            case (3, .number(let number, _)):
                from = max(from, Int64(clamping: number.rounded(.down)))
                to = min(to, Int64(clamping: number.rounded(.up)))
            case (4, .number(let number, _)): from = max(from, Int64(clamping: number.rounded(.down)))
            case (5, .number(let number, _)): to = min(to, Int64(clamping: number.rounded(.up)))
            // A bound that is text compares as greater than any number: SQLite decides row by row.
            case (4, .text), (5, .text): break
            default: isImpossible = true
            }
        }
    }

    /// The packed tables that can hold the metric.
    var tables: [PackedTable] {
        guard let metric else { return PackedTable.allCases }
        if Metric(name: metric) != nil { return [.interfaces] }
        return [Metric.value, Metric.usedPercent, Metric.latency].contains(metric) ? [.readings] : []
    }
}

import Campus

/// The names behind the numbers of packed series, looked up once a scan.
struct ReadingNames {
    private let connection: RawConnection
    private var ids: [Int64: String] = [:]
    /// Subject and metric of every sensor and gauge of a device, by number.
    private var readings: [Int64: [UInt32: (subject: String, metric: String)]] = [:]

    init(_ connection: RawConnection) { self.connection = connection }

    /// Whose series a scan is after; nil when there is no such device, sensor or metric.
    mutating func target(_ filter: ReadingFilter) throws(SQLFailure) -> ReadingTarget? {
        guard !filter.isImpossible, filter.from <= filter.to else { return nil }
        var target = ReadingTarget(tables: filter.tables)
        var device = filter.device
        if let subject = filter.subject {
            guard let parsed = ReadingNames.parse(subject), device == nil || device == parsed.device else { return nil }
            device = parsed.device
            target.tables = target.tables.filter { $0 == parsed.table }
            guard let number = try number(of: parsed.device), let group = try group(parsed, number) else { return nil }
            target.group = group
        }
        if let device {
            guard let number = try number(of: device) else { return nil }
            target.device = number
        } else {
            try loadIDs()
        }
        if let metric = filter.metric.flatMap(Metric.init(name:)) { target.metric = Int(metric.rawValue) }
        return target.tables.isEmpty ? nil : target
    }

    private struct Parsed {
        var device: String
        var table: PackedTable
        /// The interface's index, or the id of a sensor or gauge.
        var kind: String
        var rest: String
    }

    /// `device/ID`, `device/ID/interface/7`, `device/ID/sensor/…`, `device/ID/gauge/…`
    private static func parse(_ subject: String) -> Parsed? {
        let parts = subject.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts[0] == "device" else { return nil }
        if parts.count == 2 { return Parsed(device: parts[1], table: .readings, kind: "", rest: "") }
        guard parts.count == 4, ["interface", "sensor", "gauge"].contains(parts[2]) else { return nil }
        return Parsed(device: parts[1], table: parts[2] == "interface" ? .interfaces : .readings, kind: parts[2], rest: parts[3])
    }

    private mutating func group(_ parsed: Parsed, _ device: Int64) throws(SQLFailure) -> UInt32? {
        switch parsed.kind {
        case "": return 0
        case "interface": return UInt32(parsed.rest)
        default:
            let wanted = "device/\(parsed.device)/\(parsed.kind)/\(parsed.rest)"
            return try known(device).first { $0.value.subject == wanted }?.key
        }
    }

    private mutating func number(of id: String) throws(SQLFailure) -> Int64? {
        let statement = try RawStatement(connection, "SELECT number FROM device WHERE id = ?")
        statement.bind(id, at: 1)
        guard try statement.step() else { return nil }
        let number = statement.integer(0)
        ids[number] = id
        return number
    }

    private mutating func loadIDs() throws(SQLFailure) {
        guard ids.count < 2 else { return }
        let statement = try RawStatement(connection, "SELECT number, id FROM device")
        while try statement.step() { ids[statement.integer(0)] = statement.text(1) }
    }

    func id(of device: Int64) -> String? { ids[device] }

    /// Subject and metric of a series; nil when the device or sensor is no longer known.
    mutating func name(of key: UInt64, _ table: PackedTable, device: Int64) throws(SQLFailure) -> (
        subject: String, metric: String
    )? {
        guard let id = ids[device] else { return nil }
        let group = PackedTable.group(key)
        if table == .interfaces {
            guard let metric = Metric(rawValue: UInt8(PackedTable.metric(key))) else { return nil }
            return ("device/\(id)/interface/\(group)", metric.name)
        }
        return group == 0 ? ("device/\(id)", Metric.latency) : try known(device)[group]
    }

    private mutating func known(_ device: Int64) throws(SQLFailure) -> [UInt32: (subject: String, metric: String)] {
        if let known = readings[device] { return known }
        var known: [UInt32: (subject: String, metric: String)] = [:]
        for (table, metric) in [("sensor", Metric.value), ("gauge", Metric.usedPercent)] {
            let statement = try RawStatement(
                connection, "SELECT r.number, r.subject FROM device d JOIN \(table) r ON r.device = d.id WHERE d.number = ?")
            statement.bind(device, at: 1)
            while try statement.step() { known[UInt32(truncatingIfNeeded: statement.integer(0))] = (statement.text(1), metric) }
        }
        readings[device] = known
        return known
    }
}

/// The series that a scan unpacks.
struct ReadingTarget {
    var tables: [PackedTable]
    var device: Int64?
    var group: UInt32?
    /// Of an interface.
    var metric: Int?

    func wants(_ key: UInt64, _ table: PackedTable) -> Bool {
        if let group, group != PackedTable.group(key) { return false }
        if let metric, table == .interfaces, metric != PackedTable.metric(key) { return false }
        return true
    }
}

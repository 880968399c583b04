package import Campus
package import Evidence

/// Reads snapshots from evidence by the same public tables that rules and officers read.
package struct SnapshotReader: Sendable {
    private let store: EvidenceStore
    /// Titles of 等保 items and indicators, which the tables know by id alone.
    let titles: ConsoleTitles

    package init(store: EvidenceStore, titles: ConsoleTitles) {
        self.store = store
        self.titles = titles
    }

    package func snapshot(at now: Timestamp) -> Snapshot {
        var snapshot = Snapshot(at: now)
        readDevices(&snapshot)
        readInterfaces(&snapshot)
        readTraffic(&snapshot)
        readAlerts(&snapshot)
        readObservations(&snapshot)
        readItems(&snapshot)
        readIndicators(&snapshot)
        return snapshot
    }

    /// The rows of one query; a failure leaves its section empty and is told on the page.
    func rows(_ sql: String, _ parameters: [String: EvidenceValue] = [:], _ snapshot: inout Snapshot) -> [Row] {
        do {
            let table = try store.select(sql, parameters: parameters, limits: QueryLimits(time: .seconds(2), rows: 5000))
            return table.rows.indices.map { Row(table: table, index: $0) }
        } catch {
            snapshot.failures.append("\(error)")
            return []
        }
    }

    /// One row by column names; a value of another class than asked for reads as absent.
    struct Row {
        let table: ResultTable
        let index: Int

        func text(_ column: String) -> String { table[index, column].string ?? "" }
        func number(_ column: String) -> Double? { table[index, column].double }
        func integer(_ column: String) -> Int64? { table[index, column].int64 }
        func time(_ column: String) -> Timestamp? { integer(column).map { Timestamp(milliseconds: $0) } }
    }

    // MARK: Sections

    /// Evidence older than three intervals says nothing of now, so such a state is shown as unknown.
    private static let deviceState = """
        CASE WHEN n.state IS NULL THEN 'unknown'
             WHEN n.polled_at < :now - 3 * max(n.interval_ms, 1000) THEN 'unknown' ELSE n.state END
        """

    private func readDevices(_ snapshot: inout Snapshot) {
        let now: EvidenceValue = .integer(snapshot.at.milliseconds)
        let counts = rows(
            """
            SELECT \(SnapshotReader.deviceState) AS state, count(*) AS devices
            FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1 GROUP BY 1
            """, ["now": now], &snapshot)
        for row in counts {
            snapshot.deviceCounts[DeviceState(rawValue: row.text("state")) ?? .unknown, default: 0] += Int(
                row.integer("devices") ?? 0)
        }
        let lines = rows(
            """
            SELECT * FROM (
              SELECT d.name, d.address, d.layer, d.place, d.vendor, d.model, d.os, \(SnapshotReader.deviceState) AS state, n.state AS stored,
                     n.since, n.reason, n.polled_at, n.latency_ms, n.uptime_s, n.snmp_version, n.security_level
              FROM device d LEFT JOIN device_now n ON n.device = d.id WHERE d.declared = 1)
            ORDER BY CASE state WHEN 'down' THEN 0 WHEN 'unauthorised' THEN 1 WHEN 'snmp-silent' THEN 2 WHEN 'unknown' THEN 3 ELSE 4 END, name
            LIMIT 200
            """, ["now": now], &snapshot)
        snapshot.devices = lines.map { row in
            var device = Snapshot.Device()
            device.name = row.text("name")
            device.address = row.text("address")
            device.layer = row.text("layer")
            device.place = row.text("place")
            device.model = [row.text("vendor"), row.text("model").isEmpty ? row.text("os") : row.text("model")]
                .filter { !$0.isEmpty }.joined(separator: " ")
            device.state = DeviceState(rawValue: row.text("state")) ?? .unknown
            device.since = row.time("since")
            device.reason = row.text("reason")
            if device.state == .unknown, let polled = row.time("polled_at"), row.text("stored") != "unknown" {
                device.since = polled
                device.reason = "no poll for more than three intervals"
            }
            device.latencyMilliseconds = row.number("latency_ms")
            device.uptimeSeconds = row.number("uptime_s")
            let version = row.text("snmp_version")
            device.access = version.isEmpty ? "" : "SNMPv\(version) \(row.text("security_level"))"
            return device
        }
    }

    private func readInterfaces(_ snapshot: inout Snapshot) {
        let totals = rows("SELECT count(*) AS interfaces, sum(oper = 'up') AS up FROM interface_rate", [:], &snapshot)
        snapshot.interfaceCount = Int(totals.first?.integer("interfaces") ?? 0)
        snapshot.interfacesUp = Int(totals.first?.integer("up") ?? 0)
        let busiest = rows(
            """
            SELECT subject, device, device_name, name, alias, admin, oper, speed_bps, in_bps, out_bps, utilisation,
                   in_errors_s + out_errors_s AS errors, in_discards_s + out_discards_s AS discards
            FROM interface_rate WHERE in_bps IS NOT NULL OR out_bps IS NOT NULL
            ORDER BY coalesce(in_bps, 0) + coalesce(out_bps, 0) DESC, subject LIMIT 12
            """, [:], &snapshot)
        for row in busiest {
            var interface = Snapshot.Interface()
            interface.subject = row.text("subject")
            interface.device = row.text("device_name")
            interface.name = row.text("name")
            interface.alias = row.text("alias")
            interface.admin = row.text("admin")
            interface.oper = row.text("oper")
            interface.speed = row.number("speed_bps").flatMap { $0 > 0 ? $0 : nil }
            interface.inRate = row.number("in_bps")
            interface.outRate = row.number("out_bps")
            interface.utilisation = row.number("utilisation")
            interface.errors = row.number("errors")
            interface.discards = row.number("discards")
            interface.history = history(device: row.text("device"), subject: interface.subject, &snapshot)
            snapshot.interfaces.append(interface)
        }
    }

    private func history(device: String, subject: String, _ snapshot: inout Snapshot) -> [(inRate: Double, outRate: Double)] {
        rows(
            """
            SELECT t, max(CASE metric WHEN 'in_bps' THEN value END) AS rate_in, max(CASE metric WHEN 'out_bps' THEN value END) AS rate_out
            FROM reading WHERE device = :device AND subject = :subject AND metric IN ('in_bps', 'out_bps') AND t >= :since
            GROUP BY t ORDER BY t
            """,
            ["device": .text(device), "subject": .text(subject), "since": .integer(snapshot.at.milliseconds - 3_600_000)],
            &snapshot
        ).suffix(240).map { ($0.number("rate_in") ?? 0, $0.number("rate_out") ?? 0) }
    }

    private func readTraffic(_ snapshot: inout Snapshot) {
        snapshot.captures = rows("SELECT * FROM capture_now ORDER BY interface", [:], &snapshot).map { row in
            Snapshot.Capture(
                accounting: CaptureAccounting(row), isRunning: row.text("state") == "running", reason: row.text("reason"))
        }
        let since: EvidenceValue = .integer(snapshot.at.milliseconds - 180_000)
        let minute = rows(
            """
            SELECT sum(bytes) AS bytes, sum(packets) AS packets, sum(flows) AS flows FROM traffic_minute
            WHERE t = (SELECT max(t) FROM traffic_minute WHERE t >= :since)
            """, ["since": since], &snapshot
        ).first
        if let bytes = minute?.number("bytes") {
            snapshot.lastMinute = Snapshot.TrafficPoint(
                bitRate: bytes * 8 / 60, packets: minute?.number("packets") ?? 0, flows: minute?.number("flows") ?? 0)
        }
        let hour: EvidenceValue = .integer(snapshot.at.floored(to: .seconds(3600)).milliseconds)
        snapshot.talkers = rows(
            """
            SELECT address, sum(bytes_in + bytes_out) AS bytes, sum(flows) AS flows FROM talker_hour WHERE t = :hour
            GROUP BY address ORDER BY bytes DESC, address LIMIT 10
            """, ["hour": hour], &snapshot
        ).map { row in
            var talker = Snapshot.Talker()
            talker.address = row.text("address")
            talker.bytes = row.number("bytes") ?? 0
            talker.flows = row.integer("flows") ?? 0
            return talker
        }
    }
}

extension CaptureAccounting {
    fileprivate init(_ row: SnapshotReader.Row) {
        self.init(interface: row.text("interface"), at: row.time("at") ?? Timestamp(milliseconds: 0))
        let count = { (column: String) in UInt64(max(0, row.integer(column) ?? 0)) }
        received = count("received")
        kernelDropped = count("kernel_dropped")
        interfaceDropped = count("interface_dropped")
        read = count("read")
        ringDropped = count("ring_dropped")
        sampledOut = count("sampled_out")
        queued = count("queued")
        analysed = count("analysed")
        samplingShift = UInt8(clamping: row.integer("sampling_shift") ?? 0)
    }
}

package import Campus
import Foundation
import GRDB

/// What the store knows of one device that a map is drawn from.
package struct StoredReport: Sendable {
    package var id: DeviceID
    package var name: String
    package var address: IPAddress?
    package var report: DeviceReport
    /// When the report was made.
    package var at: Timestamp
}

extension EvidenceStore {
    /// The last full report of each declared device, as far as maps need it: facts, ports, neighbours, addresses and what
    /// bridges have learned.
    package func topologyReports() throws(EvidenceError) -> [StoredReport] {
        try read { db in try ReportLoader(db: db).reports() }
    }

    /// When the newest full report came; a map drawn after it is up to date.
    package func newestReport() throws(EvidenceError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT max(facts_at) FROM device WHERE declared = 1").map { Timestamp(milliseconds: $0) }
        }
    }

    /// Brings links, places of addresses, roles of ports and ways to what a map says; only what changed is written.
    package func record(_ map: CampusMap, at: Timestamp) throws(EvidenceError) {
        try write { db in
            let before = try Int64.fetchOne(db, sql: "SELECT at FROM map_drawn")
            try MapRecorder(at: at.milliseconds, before: before, db: db).record(map)
        }
    }
}

/// Reads reports back out of the tables.
private struct ReportLoader {
    let db: Database

    func reports() throws -> [StoredReport] {
        var reports: [StoredReport] = []
        var places: [String: Int] = [:]
        let devices = try Row.fetchAll(
            db,
            sql: """
                SELECT d.id, d.name, d.address, d.sys_name, d.kind, d.serial, d.vendor, d.engine_id, d.facts_at, p.rates, f.data
                FROM device d LEFT JOIN device_poll p ON p.device = d.number LEFT JOIN forwarding f ON f.device = d.number
                WHERE d.declared = 1 AND d.facts_at IS NOT NULL ORDER BY d.id
                """)
        var status: [[UInt32: UInt8]] = []
        for row in devices {
            var report = DeviceReport()
            report.facts.name = row["sys_name"] ?? ""
            report.facts.kind = row["kind"] ?? ""
            report.facts.serial = row["serial"] ?? ""
            report.facts.vendor = row["vendor"] ?? ""
            report.facts.engineID = row["engine_id"]
            if let data: Data = row["data"], let learned = try? PackedForwarding.decode(Array(data)) {
                report.forwarding = learned
            }
            var opers: [UInt32: UInt8] = [:]
            if let data: Data = row["rates"] { try? PackedRates.decode(Array(data)) { opers[$0.index] = $0.oper } }
            status.append(opers)
            let id: String = row["id"]
            places[id] = reports.count
            reports.append(
                StoredReport(
                    id: DeviceID(id), name: row["name"] ?? id, address: (row["address"] as String?).flatMap { IPAddress($0) },
                    report: report, at: Timestamp(milliseconds: row["facts_at"])))
        }
        try each("SELECT device, idx, name, description, alias, type, mac, aggregate FROM interface ORDER BY device, idx", places)
        { row, place in
            var interface = Interface(
                index: UInt32(truncatingIfNeeded: row["idx"] as Int64), name: row["name"] ?? "",
                description: row["description"] ?? "",
                alias: row["alias"] ?? "", type: row["type"] ?? "")
            interface.mac = (row["mac"] as String?).flatMap { MACAddress($0) }
            interface.aggregate = (row["aggregate"] as Int64?).map { UInt32(truncatingIfNeeded: $0) }
            interface.oper = status[place][interface.index].flatMap { InterfaceStatus(rawValue: $0) }
            reports[place].report.interfaces.append(interface)
        }
        try each("SELECT * FROM neighbor ORDER BY device, port", places) { row, place in
            reports[place].report.neighbors.append(StoredRows.neighbor(row))
        }
        try each("SELECT device, address, prefix, idx FROM address ORDER BY device, address", places) { row, place in
            guard let address = IPAddress(row["address"] as String) else { return }
            reports[place].report.addresses.append(
                InterfaceAddress(address: address, prefixLength: row["prefix"] ?? 0, interfaceIndex: StoredRows.index(row)))
        }
        try each("SELECT device, address, mac, idx FROM arp_stay WHERE last_seen IS NULL ORDER BY device, address", places) {
            row, place in
            guard let address = IPAddress(row["address"] as String), let mac = MACAddress(row["mac"] as String) else { return }
            reports[place].report.arp.append(AddressMapping(address: address, mac: mac, interfaceIndex: StoredRows.index(row)))
        }
        try each("SELECT device, id, name, mac, address FROM access_point ORDER BY device, id", places) { row, place in
            var point = AccessPoint(oid: ObjectIdentifier(row["id"] as String) ?? "0.0")
            point.name = row["name"] ?? ""
            point.mac = (row["mac"] as String?).flatMap { MACAddress($0) }
            point.address = (row["address"] as String?).flatMap { IPAddress($0) }
            reports[place].report.accessPoints.append(point)
        }
        return reports
    }

    private func each(_ sql: String, _ places: [String: Int], _ body: (Row, Int) -> Void) throws {
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            if let place = places[row["device"] as String] { body(row, place) }
        }
    }
}

/// Values out of rows.
enum StoredRows {
    static func index(_ row: Row) -> UInt32? { (row["idx"] as Int64?).map { UInt32(truncatingIfNeeded: $0) } }

    static func neighbor(_ row: Row) -> Neighbor {
        var neighbor = Neighbor(discoveryProtocol: row["protocol"])
        neighbor.localIndex = index(row)
        neighbor.localInterface = row["port"]
        neighbor.remoteName = row["remote_name"]
        neighbor.remotePort = row["remote_port"]
        neighbor.remoteChassis = row["remote_chassis"]
        neighbor.remoteDescription = row["remote_description"] ?? ""
        neighbor.remoteAddress = (row["remote_address"] as String?).flatMap { IPAddress($0) }
        neighbor.capabilities = JSONText.list(from: row["capabilities"])
        return neighbor
    }
}

package import Campus
import GRDB

/// A device that a sweep met, with what it says of itself.
package struct DiscoveredDevice: Hashable, Sendable {
    package var id: DeviceID
    package var address: IPAddress
    package var port: UInt16
    /// The name of the credential that it answered.
    package var credential: String
    /// `1`, `2c` or `3`.
    package var snmpVersion: String
    package var name: String
    package var place: String?
    package var layer: Layer?
    package var facts: DeviceFacts

    package init(
        id: DeviceID, address: IPAddress, port: UInt16 = 161, credential: String, snmpVersion: String, name: String,
        place: String? = nil,
        layer: Layer? = nil, facts: DeviceFacts
    ) {
        self.id = id
        self.address = address
        self.port = port
        self.credential = credential
        self.snmpVersion = snmpVersion
        self.name = name
        self.place = place
        self.layer = layer
        self.facts = facts
    }
}

/// One sweep as it is written down.
package struct DiscoveryRun: Hashable, Sendable {
    package var at: Timestamp
    /// The ranges as they were written.
    package var ranges: [String]
    package var duration: Duration
    package var addresses: Int
    package var answered: Int

    package init(at: Timestamp, ranges: [String], duration: Duration, addresses: Int, answered: Int) {
        self.at = at
        self.ranges = ranges
        self.duration = duration
        self.addresses = addresses
        self.answered = answered
    }
}

extension EvidenceStore {
    /// Writes down what a sweep found, and what is new, gone or moved since the last one of the same addresses.
    ///
    /// - Parameter covers: whether the sweep asked this address; what it did not ask is not gone.
    package func record(
        _ devices: [DiscoveredDevice], of run: DiscoveryRun, covers: (IPAddress) -> Bool
    ) throws(EvidenceError) {
        try write { db in
            let at = run.at.milliseconds
            var known: [String: Row] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT * FROM discovered") {
                known["\(row["address"] as String) \(row["port"] as Int64)"] = row
            }
            let isFirst = known.isEmpty
            var placed: [String: String] = [:]
            for row in known.values where (row["gone_at"] as Int64?) == nil { placed[row["device"]] = row["address"] }
            for device in devices {
                let before = known.removeValue(forKey: "\(device.address) \(device.port)")
                let isBack = (before?["gone_at"] as Int64?) != nil
                let wasAt = placed[device.id.text]
                var changes = ChangeLog(device: device.id, at: at)
                if let wasAt, wasAt != device.address.description, !devices.contains(where: { $0.address.description == wasAt }) {
                    changes.add("moved", before: wasAt, after: device.address.description)
                    try db.run("DELETE FROM discovered WHERE address = ? AND device = ?", wasAt, device.id.text)
                    known = known.filter { $0.value["address"] != wasAt }
                } else if wasAt == nil, !isFirst, before == nil || isBack {
                    changes.add("new", before: nil, after: "\(device.name) \(device.address)")
                }
                if let before, !isBack, before["device"] != device.id.text {
                    changes.add("replaced", before: before["name"], after: "\(device.name) \(device.address)")
                }
                try changes.write(db)
                try EvidenceStore.write(device, firstSeen: before?["first_seen"] ?? at, at, db)
            }
            for row in known.values {
                guard (row["gone_at"] as Int64?) == nil, let address = IPAddress(row["address"] as String), covers(address) else {
                    continue
                }
                try db.run(
                    "UPDATE discovered SET gone_at = ? WHERE address = ? AND port = ?", at, address.description,
                    row["port"] as Int64)
                var changes = ChangeLog(device: DeviceID(row["device"]), at: at)
                changes.add("gone", before: "\(row["name"] as String? ?? "") \(address)", after: nil)
                try changes.write(db)
            }
            try db.run(
                "INSERT OR REPLACE INTO discovery_run VALUES (?, ?, ?, ?, ?, ?)", at, JSONText.list(run.ranges),
                run.duration.milliseconds,
                run.addresses, run.answered, devices.count)
        }
    }

    private static func write(_ device: DiscoveredDevice, firstSeen: Int64, _ at: Int64, _ db: Database) throws {
        let facts = device.facts
        try db.run(
            """
            INSERT OR REPLACE INTO discovered (address, port, device, credential, snmp_version, name, place, layer, os, vendor, kind, model,
                version, serial, location, first_seen, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, device.address.description, Int64(device.port), device.id.text, device.credential, device.snmpVersion,
            device.name,
            device.place, device.layer?.rawValue, facts.os, facts.vendor, facts.kind, facts.model, facts.version, facts.serial,
            facts.location, firstSeen, at)
    }

    /// What sweeps found and nobody declared yet, by address.
    package func pendingDevices() throws(EvidenceError) -> [DiscoveredDevice] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM discovered WHERE gone_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM device d WHERE d.declared = 1 AND (d.id = discovered.device
                            OR d.address = discovered.address AND d.port = discovered.port))
                    """
            ).compactMap(EvidenceStore.discovered).sorted { $0.address < $1.address }
        }
    }

    /// When the last sweep of these ranges began.
    package func lastDiscovery(of ranges: [String]) throws(EvidenceError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT max(at) FROM discovery_run WHERE ranges = ?", arguments: [JSONText.list(ranges)])
                .map { Timestamp(milliseconds: $0) }
        }
    }

    private static func discovered(_ row: Row) -> DiscoveredDevice? {
        guard let address = IPAddress(row["address"] as String), let port = UInt16(exactly: row["port"] as Int64) else {
            return nil
        }
        var facts = DeviceFacts()
        facts.os = row["os"] ?? ""
        facts.vendor = row["vendor"] ?? ""
        facts.kind = row["kind"] ?? ""
        facts.model = row["model"] ?? ""
        facts.version = row["version"] ?? ""
        facts.serial = row["serial"] ?? ""
        facts.location = row["location"] ?? ""
        return DiscoveredDevice(
            id: DeviceID(row["device"]), address: address, port: port, credential: row["credential"] ?? "",
            snmpVersion: row["snmp_version"] ?? "", name: row["name"] ?? "", place: row["place"],
            layer: (row["layer"] as String?).flatMap { Layer(rawValue: $0) }, facts: facts)
    }
}

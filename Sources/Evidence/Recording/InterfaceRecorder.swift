import Campus
import GRDB

/// Follows the status and speed of interfaces from poll to poll; a poll without change writes nothing.
enum InterfaceRecorder {
    static func follow(_ rates: [PackedRate], _ device: inout DeviceMemory, _ changes: inout ChangeLog, _ db: Database) throws {
        if isUnchanged(rates, device.interfaces) { return }
        let known = Dictionary(device.interfaces.map { ($0.index, $0) }) { first, _ in first }
        for rate in rates {
            guard let before = known[rate.index] else {
                try meet(rate, device, at: changes.at, db)
                continue
            }
            if before.oper != rate.oper {
                changes.add("oper", interface: rate.index, before: name(before.oper), after: name(rate.oper))
                try db.run(
                    "UPDATE interface SET oper_since = ? WHERE device = ? AND idx = ?", changes.at, device.id.text,
                    Int64(rate.index))
            }
            if before.speed != rate.speed {
                changes.add("speed", interface: rate.index, before: "\(before.speed)", after: "\(rate.speed)")
            }
        }
        device.interfaces = rates.map { InterfaceMemory(index: $0.index, oper: $0.oper, speed: $0.speed) }
    }

    private static func isUnchanged(_ rates: [PackedRate], _ known: [InterfaceMemory]) -> Bool {
        guard rates.count == known.count else { return false }
        for place in known.indices {
            let (rate, before) = (rates[place], known[place])
            if rate.index != before.index || rate.oper != before.oper || rate.speed != before.speed { return false }
        }
        return true
    }

    /// An interface that rates tell of has a row even before a full poll has named it.
    private static func meet(_ rate: PackedRate, _ device: DeviceMemory, at: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO interface (device, idx, name, speed_bps, oper_since, first_seen, seen_at) VALUES (?, ?, '', ?, ?, ?, ?)
            ON CONFLICT (device, idx) DO UPDATE SET oper_since = coalesce(oper_since, excluded.oper_since)
            """, device.id.text, Int64(rate.index), rate.speed == 0 ? nil : Int64(clamping: rate.speed), at, at, at)
    }

    private static func name(_ status: UInt8) -> String { (InterfaceStatus(rawValue: status) ?? .unknown).name }
}

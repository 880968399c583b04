import Campus
import GRDB

/// Gathers the `change` rows of one poll.
struct ChangeLog {
    let device: DeviceID
    let at: Int64
    private var rows: [(subject: String, what: String, before: String?, after: String?)] = []

    init(device: DeviceID, at: Int64) {
        self.device = device
        self.at = at
    }

    /// A change of the device itself, or of the interface with that index.
    mutating func add(_ what: String, interface: UInt32? = nil, before: String?, after: String?) {
        let subject = interface.map { Subject.interface(device, $0) } ?? Subject.device(device)
        rows.append((subject, what, before, after))
    }

    func write(_ db: Database) throws {
        for row in rows {
            try db.run(
                "INSERT INTO change (at, device, subject, what, before, after) VALUES (?, ?, ?, ?, ?, ?)", at, device.text,
                row.subject,
                row.what, row.before, row.after)
        }
    }
}

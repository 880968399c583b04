package import Campus

extension EvidenceStore {
    /// Keeps notifications, on the disk when it returns: what was acknowledged to the sender of an inform is not lost.
    package func record(traps: [TrapRecord]) throws(EvidenceError) {
        guard !traps.isEmpty else { return }
        try write(durably: true) { db in
            for trap in traps {
                try db.run(
                    """
                    INSERT INTO trap (at, device, source, subject, oid, name, severity, title_zh, title_en, "index", version, security, detail)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, trap.at.milliseconds, trap.device?.text, trap.source.description, trap.subject,
                    trap.identifier.description,
                    trap.name, trap.severity.rawValue, trap.title.zh, trap.title.en, trap.interfaceIndex.map { Int64($0) },
                    trap.version, trap.securityLevel, trap.detail)
            }
        }
    }
}

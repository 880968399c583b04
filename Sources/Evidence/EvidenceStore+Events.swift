package import Campus
import GRDB

extension EvidenceStore {
    /// Stores what detectors saw, durably: an alert that is raised from it must be able to show it.
    package func record(observations: [Observation]) throws(EvidenceError) {
        guard !observations.isEmpty else { return }
        try write(durably: true) { db in
            for seen in observations {
                try db.run(
                    """
                    INSERT INTO observation (at, first_at, class, severity, source, destination, port, source_mac, count, detail, interface)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, seen.at.milliseconds, seen.firstAt.milliseconds, seen.observationClass, seen.severity.rawValue,
                    seen.source?.description, seen.destination?.description, seen.port.map { Int64($0) },
                    seen.sourceMAC?.description,
                    seen.count, seen.detail, seen.interface)
            }
        }
    }

    /// Adds a minute of one capture to its minute and hour tables.
    package func record(_ minute: TrafficMinute) throws(EvidenceError) {
        let t = minute.start.milliseconds
        let hour = minute.start.floored(to: .seconds(3600)).milliseconds
        try write { db in
            try db.run(
                """
                INSERT INTO traffic_minute (interface, t, bytes, packets, flows, overflow) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (t, interface) DO UPDATE SET bytes = bytes + excluded.bytes, packets = packets + excluded.packets,
                    flows = flows + excluded.flows, overflow = overflow + excluded.overflow
                """, minute.interface, t, Int64(clamping: minute.bytes), Int64(clamping: minute.packets),
                Int64(clamping: minute.flows),
                Int64(clamping: minute.overflow))
            for talker in minute.talkers { try EvidenceStore.add(talker, minute.interface, hour, db) }
            for service in minute.services { try EvidenceStore.add(service, minute.interface, hour, db) }
            for name in minute.names { try EvidenceStore.add(name, minute.interface, hour, db) }
        }
    }

    private static func add(_ talker: TrafficMinute.Talker, _ interface: String, _ hour: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO talker_hour (interface, t, address, bytes_in, bytes_out, packets, flows) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (t, interface, address) DO UPDATE SET bytes_in = bytes_in + excluded.bytes_in,
                bytes_out = bytes_out + excluded.bytes_out, packets = packets + excluded.packets, flows = flows + excluded.flows
            """, interface, hour, talker.address.description, Int64(clamping: talker.bytesIn), Int64(clamping: talker.bytesOut),
            Int64(clamping: talker.packets), Int64(clamping: talker.flows))
    }

    private static func add(_ service: TrafficMinute.Service, _ interface: String, _ hour: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO protocol_hour (interface, t, protocol, port, bytes, packets, flows) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (t, interface, protocol, port) DO UPDATE SET bytes = bytes + excluded.bytes,
                packets = packets + excluded.packets, flows = flows + excluded.flows
            """, interface, hour, Int64(service.protocolNumber), Int64(service.port), Int64(clamping: service.bytes),
            Int64(clamping: service.packets), Int64(clamping: service.flows))
    }

    /// Clients of an hour cannot be added up from minutes; the busiest minute is what is known for sure.
    private static func add(_ name: TrafficMinute.Name, _ interface: String, _ hour: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT INTO name_hour (interface, t, source, name, clients, sessions) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (t, interface, source, name) DO UPDATE SET clients = max(clients, excluded.clients),
                sessions = sessions + excluded.sessions
            """, interface, hour, name.source, name.name, Int64(clamping: name.clients), Int64(clamping: name.sessions))
    }

    /// Replaces the row of one capture.
    package func record(
        _ accounting: CaptureAccounting, startedAt: Timestamp, state: CaptureState, reason: String = ""
    ) throws(EvidenceError) {
        try write { db in
            try db.run(
                "INSERT OR REPLACE INTO capture_now VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", accounting.interface,
                accounting.at.milliseconds, Int64(clamping: accounting.received), Int64(clamping: accounting.kernelDropped),
                Int64(clamping: accounting.interfaceDropped), Int64(clamping: accounting.read),
                Int64(clamping: accounting.ringDropped),
                Int64(clamping: accounting.sampledOut), Int64(clamping: accounting.queued), Int64(clamping: accounting.analysed),
                Int64(accounting.samplingShift), startedAt.milliseconds, state.rawValue, reason)
        }
    }

    /// Writes down time in which something did not watch.
    package func recordGap(kind: GapKind, start: Timestamp, end: Timestamp, reason: String) throws(EvidenceError) {
        try write { db in try EvidenceStore.insertGap(kind, start.milliseconds, end.milliseconds, reason, db) }
    }

    static func insertGap(_ kind: GapKind, _ start: Int64, _ end: Int64, _ reason: String, _ db: Database) throws {
        try db.run(#"INSERT INTO gap (kind, start, "end", reason) VALUES (?, ?, ?, ?)"#, kind.rawValue, start, end, reason)
    }

    /// Writes one line of the audit trail, durably.
    package func audit(at: Timestamp, actor: String, action: String, object: String, detail: String) throws(EvidenceError) {
        try write(durably: true) { db in
            try db.run(
                "INSERT INTO audit (at, actor, action, object, detail) VALUES (?, ?, ?, ?, ?)", at.milliseconds, actor, action,
                object, detail)
        }
    }

    /// Tells that the agent watches now; a beat that comes late or from the past leaves a gap.
    ///
    /// Late is more than three beats after the last one, be it that the agent was killed, stopped or stalled.
    package func beat(at: Timestamp) throws(EvidenceError) {
        let now = at.milliseconds
        let late = 3 * settings.beat.milliseconds
        try write { db in
            let last = try Int64.fetchOne(db, sql: "SELECT at FROM heartbeat")
            try db.run("INSERT OR REPLACE INTO heartbeat VALUES (1, ?)", now)
            guard let last else { return try EvidenceStore.addRunning(from: now, to: now, db) }
            if now < last {
                try EvidenceStore.insertGap(.clock, now, last, "clock stepped back by \((last - now) / 1000) s", db)
            } else if now - last > late {
                try EvidenceStore.insertGap(.agent, last, now, "agent did not run for \((now - last) / 1000) s", db)
            } else {
                try EvidenceStore.addRunning(from: last, to: now, db)
            }
        }
    }

    private static func addRunning(from start: Int64, to end: Int64, _ db: Database) throws {
        var from = start
        repeat {
            let hour = from - from % HourKey.hour
            let until = min(end, hour + HourKey.hour)
            try db.run(
                "INSERT INTO agent_hour VALUES (?, ?) ON CONFLICT (t) DO UPDATE SET running_ms = min(3600000, running_ms + excluded.running_ms)",
                hour, until - from)
            from = until
        } while from < end
    }
}

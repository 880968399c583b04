import GRDB

/// The tables, by migration. A migration that has shipped is never changed; the next one goes behind it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 campus") { db in try db.execute(sql: campus) }
        migrator.registerMigration("1 state") { db in try db.execute(sql: state) }
        migrator.registerMigration("1 history") { db in try db.execute(sql: history) }
        migrator.registerMigration("1 events") { db in try db.execute(sql: events) }
        migrator.registerMigration("1 conclusions") { db in try db.execute(sql: conclusions) }
        migrator.registerMigration("1 views") { db in try db.execute(sql: views) }
        migrator.registerMigration("2 traps") { db in try db.execute(sql: traps) }
        migrator.registerMigration("2 topology") { db in try db.execute(sql: topology) }
        return migrator
    }

    /// Tells SQLite's planner how many devices there are, so that it goes from few devices to their history and not the
    /// other way round.
    static func analyse(_ db: Database) throws {
        try db.execute(
            sql: "PRAGMA analysis_limit = 1000; ANALYZE device; ANALYZE interface; ANALYZE sensor; ANALYZE gauge; ANALYZE exit")
    }

    /// `number` is the device's short name in packed tables; it never changes and is never given again, while
    /// `id` is made known by the first full poll.
    private static let campus = """
        CREATE TABLE place (id TEXT PRIMARY KEY, campus TEXT, building TEXT, room TEXT) WITHOUT ROWID;
        CREATE TABLE owner (id TEXT PRIMARY KEY, department TEXT, person TEXT) WITHOUT ROWID;
        CREATE TABLE device (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, subject TEXT GENERATED ALWAYS AS ('device/' || id) VIRTUAL,
            address TEXT, port INTEGER, name TEXT, layer TEXT, place TEXT, owner TEXT, credential TEXT,
            tags TEXT NOT NULL DEFAULT '[]', watch TEXT NOT NULL DEFAULT '[]', management_zone INTEGER NOT NULL DEFAULT 0,
            os TEXT, vendor TEXT, kind TEXT, model TEXT, version TEXT, serial TEXT, features TEXT, sys_name TEXT, description TEXT,
            object_id TEXT, location TEXT, contact TEXT, engine_id TEXT, first_seen INTEGER, facts_at INTEGER,
            declared INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE exit (
            id TEXT PRIMARY KEY, device TEXT NOT NULL, interface TEXT NOT NULL, provider TEXT, contracted_down_bps INTEGER,
            contracted_up_bps INTEGER) WITHOUT ROWID;
        CREATE TABLE system (id TEXT PRIMARY KEY, name TEXT, level INTEGER) WITHOUT ROWID;
        CREATE TABLE calendar (kind TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, scope TEXT, note TEXT);
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
        """

    /// `device_poll` holds what every poll changes of a device in one row, so that a poll writes one page of it: its state,
    /// the latest counters, rates and readings (packed), and the running hour of its availability.
    private static let state = """
        CREATE TABLE device_poll (
            device INTEGER PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT, seen_at INTEGER,
            polled_at INTEGER NOT NULL, interval_ms INTEGER NOT NULL, duration_ms INTEGER, latency_ms REAL, uptime_s REAL,
            pdus INTEGER, snmp_version TEXT, security_level TEXT,
            hour INTEGER NOT NULL, up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, snmp_silent_ms INTEGER NOT NULL,
            unauthorised_ms INTEGER NOT NULL, observed_ms INTEGER NOT NULL, polls INTEGER NOT NULL,
            rates_at INTEGER, readings_at INTEGER, rates_row INTEGER, readings_row INTEGER, counters_uptime_s REAL,
            rates BLOB, readings BLOB, counters BLOB);
        CREATE TABLE interface (
            device TEXT NOT NULL, idx INTEGER NOT NULL,
            subject TEXT GENERATED ALWAYS AS ('device/' || device || '/interface/' || idx) VIRTUAL,
            name TEXT, description TEXT, alias TEXT, type TEXT, mac TEXT, mtu INTEGER, speed_bps INTEGER, vlan INTEGER,
            uplink INTEGER NOT NULL DEFAULT 0, exit TEXT, oper_since INTEGER, first_seen INTEGER, seen_at INTEGER,
            PRIMARY KEY (device, idx)) WITHOUT ROWID;
        CREATE INDEX interface_subject ON interface (subject);
        CREATE TABLE sensor (
            device TEXT NOT NULL, id TEXT NOT NULL, subject TEXT GENERATED ALWAYS AS ('device/' || device || '/sensor/' || id) VIRTUAL,
            class TEXT, name TEXT, unit TEXT, number INTEGER NOT NULL, first_seen INTEGER,
            PRIMARY KEY (device, id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX sensor_number ON sensor (device, number);
        CREATE TABLE gauge (
            device TEXT NOT NULL, id TEXT NOT NULL, subject TEXT GENERATED ALWAYS AS ('device/' || device || '/gauge/' || id) VIRTUAL,
            kind TEXT, name TEXT, type TEXT, number INTEGER NOT NULL, first_seen INTEGER,
            PRIMARY KEY (device, id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX gauge_number ON gauge (device, number);
        CREATE TABLE inventory (
            device TEXT NOT NULL, idx INTEGER NOT NULL, parent INTEGER, class TEXT, name TEXT, description TEXT, model TEXT,
            serial TEXT, vendor TEXT, hardware TEXT, firmware TEXT, software TEXT, seen_at INTEGER,
            PRIMARY KEY (device, idx)) WITHOUT ROWID;
        CREATE TABLE capture_now (
            interface TEXT PRIMARY KEY, at INTEGER, received INTEGER, kernel_dropped INTEGER, interface_dropped INTEGER, read INTEGER,
            ring_dropped INTEGER, sampled_out INTEGER, queued INTEGER, analysed INTEGER, sampling_shift INTEGER,
            started_at INTEGER, state TEXT, reason TEXT) WITHOUT ROWID;
        """

    /// `sample_recent` is keyed time first, so that polls append. `previous` is the time of the same device's row before, so
    /// that one device's last hour is found without reading everybody's. Closed hours are rows of `chunk` and the roll-ups,
    /// keyed hour << 24 | device << 1 | table: append-only too.
    private static let history = """
        CREATE TABLE sample_recent (
            t INTEGER NOT NULL, device INTEGER NOT NULL, tbl INTEGER NOT NULL, previous INTEGER, data BLOB NOT NULL,
            PRIMARY KEY (t, device, tbl)) WITHOUT ROWID;
        CREATE TABLE closing (hour INTEGER PRIMARY KEY, device INTEGER NOT NULL, rows INTEGER NOT NULL, is_taken INTEGER NOT NULL);
        CREATE TABLE chunk (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE rollup_5m (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE rollup_5m_uplink (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE rollup_hour (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE availability_closed (
            t INTEGER NOT NULL, device INTEGER NOT NULL, up_ms INTEGER, down_ms INTEGER, snmp_silent_ms INTEGER,
            unauthorised_ms INTEGER, observed_ms INTEGER, polls INTEGER, expected INTEGER,
            PRIMARY KEY (t, device)) WITHOUT ROWID;
        CREATE TABLE traffic_minute (
            interface TEXT NOT NULL, t INTEGER NOT NULL, bytes INTEGER, packets INTEGER, flows INTEGER, overflow INTEGER,
            PRIMARY KEY (t, interface)) WITHOUT ROWID;
        CREATE TABLE talker_hour (
            interface TEXT NOT NULL, t INTEGER NOT NULL, address TEXT NOT NULL, bytes_in INTEGER, bytes_out INTEGER,
            packets INTEGER, flows INTEGER, PRIMARY KEY (t, interface, address)) WITHOUT ROWID;
        CREATE TABLE protocol_hour (
            interface TEXT NOT NULL, t INTEGER NOT NULL, protocol INTEGER NOT NULL, port INTEGER NOT NULL, bytes INTEGER,
            packets INTEGER, flows INTEGER, PRIMARY KEY (t, interface, protocol, port)) WITHOUT ROWID;
        CREATE TABLE name_hour (
            interface TEXT NOT NULL, t INTEGER NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, clients INTEGER,
            sessions INTEGER, PRIMARY KEY (t, interface, source, name)) WITHOUT ROWID;
        CREATE TABLE agent_hour (t INTEGER PRIMARY KEY, running_ms INTEGER NOT NULL);
        CREATE TABLE heartbeat (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
        """

    private static let events = """
        CREATE TABLE observation (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, first_at INTEGER, class TEXT NOT NULL, severity TEXT, source TEXT,
            destination TEXT, port INTEGER, source_mac TEXT, count INTEGER, detail TEXT, interface TEXT,
            subject TEXT GENERATED ALWAYS AS ('host/' || source) VIRTUAL);
        CREATE INDEX observation_at ON observation (at);
        CREATE TABLE change (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, device TEXT, subject TEXT, what TEXT NOT NULL, before TEXT, after TEXT);
        CREATE INDEX change_at ON change (at);
        CREATE INDEX change_subject ON change (subject, at);
        CREATE TABLE gap (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, reason TEXT);
        CREATE INDEX gap_start ON gap (start);
        """

    private static let conclusions = """
        CREATE TABLE alert (
            id TEXT PRIMARY KEY, rule TEXT NOT NULL, rule_version TEXT, title_zh TEXT, title_en TEXT, subject TEXT NOT NULL,
            severity TEXT, state TEXT NOT NULL, started_at INTEGER, firing_at INTEGER, acknowledged_at INTEGER, resolved_at INTEGER,
            last_violated_at INTEGER, value REAL, message_zh TEXT, message_en TEXT, class TEXT, source TEXT, destination TEXT,
            labels TEXT, dengbao TEXT) WITHOUT ROWID;
        CREATE INDEX alert_state ON alert (state, rule, subject);
        CREATE INDEX alert_started ON alert (started_at);
        CREATE TABLE alert_event (
            sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, alert TEXT NOT NULL, action TEXT NOT NULL, actor TEXT, cause TEXT,
            body TEXT NOT NULL);
        CREATE INDEX alert_event_at ON alert_event (at);
        CREATE INDEX alert_event_alert ON alert_event (alert, sequence);
        CREATE TABLE rule_run (
            rule TEXT NOT NULL, at INTEGER NOT NULL, duration_ms INTEGER, rows INTEGER, violated INTEGER, unknown INTEGER, error TEXT);
        CREATE INDEX rule_run_at ON rule_run (at);
        CREATE INDEX rule_run_rule ON rule_run (rule, at);
        CREATE TABLE rule_result (
            rule TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL, value REAL, samples INTEGER, expected INTEGER,
            seen_at INTEGER, since INTEGER, columns TEXT, written_at INTEGER, PRIMARY KEY (rule, subject)) WITHOUT ROWID;
        CREATE TABLE verdict (
            item TEXT NOT NULL, system TEXT NOT NULL, subject TEXT NOT NULL, verdict TEXT NOT NULL, reason_zh TEXT, reason_en TEXT,
            rule TEXT, samples INTEGER, expected INTEGER, coverage REAL, at INTEGER NOT NULL,
            PRIMARY KEY (item, system, subject)) WITHOUT ROWID;
        CREATE TABLE attestation (
            id INTEGER PRIMARY KEY, item TEXT NOT NULL, system TEXT, verdict TEXT, by TEXT, role TEXT, file TEXT, sha256 TEXT,
            at INTEGER, until INTEGER, note TEXT);
        CREATE TABLE indicator_value (
            indicator TEXT NOT NULL, scope TEXT NOT NULL, period TEXT NOT NULL, period_start INTEGER, period_end INTEGER, value REAL,
            numerator REAL, denominator REAL, valid_samples INTEGER, expected_samples INTEGER, coverage REAL, status TEXT,
            method_version TEXT, rule_version TEXT, sources TEXT, computed_at INTEGER, input_digest TEXT,
            PRIMARY KEY (indicator, period, scope)) WITHOUT ROWID;
        CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT, action TEXT, object TEXT, detail TEXT);
        CREATE INDEX audit_at ON audit (at);
        """

    /// CROSS JOIN keeps the order that is written: a device's row is unpacked once and its interfaces are looked up, not the
    /// other way round (10 times slower).
    ///
    /// `latest_rate` and `latest_reading` are table functions of the store's connections: they unpack `device_poll`.
    private static let views = """
        CREATE VIEW device_now AS
        SELECT d.id AS device, d.subject, p.state, p.since, p.reason, p.seen_at, p.polled_at, p.interval_ms, p.duration_ms,
            p.latency_ms, p.uptime_s, p.pdus, p.snmp_version, p.security_level
        FROM device_poll p JOIN device d ON d.number = p.device;

        CREATE VIEW interface_rate AS
        SELECT d.id AS device, d.name AS device_name, d.layer, r.idx, i.subject, i.name, i.alias, i.type, i.uplink, i.exit,
            r.admin, r.oper, r.speed_bps, r.in_bps, r.out_bps, r.utilisation, r.in_ucast_s, r.out_ucast_s, r.in_errors_s,
            r.out_errors_s, r.in_discards_s, r.out_discards_s, r.gap, r.seen_at, r.interval_ms
        FROM device d CROSS JOIN latest_rate r ON r.device = d.number
            CROSS JOIN interface i ON i.device = d.id AND i.idx = r.idx;

        CREATE VIEW interface_now AS
        SELECT d.id AS device, r.idx, i.subject, i.name, r.admin, r.oper, i.oper_since AS since, r.speed_bps, r.in_bps, r.out_bps,
            r.utilisation, r.in_errors_s, r.out_errors_s, r.seen_at
        FROM device d CROSS JOIN latest_rate r ON r.device = d.number
            CROSS JOIN interface i ON i.device = d.id AND i.idx = r.idx;

        CREATE VIEW sensor_now AS
        SELECT s.device, s.id, s.subject, s.class, s.name, s.unit, r.value, r.state, r.raw, r.text, r.since, r.seen_at, r.interval_ms
        FROM device d CROSS JOIN latest_reading r ON r.device = d.number
            CROSS JOIN sensor s ON s.device = d.id AND s.number = r.number;

        CREATE VIEW gauge_now AS
        SELECT g.device, g.id, g.subject, g.kind, g.name, g.type, r.value AS used_percent, r.used_bytes, r.total_bytes,
            r.seen_at, r.interval_ms
        FROM device d CROSS JOIN latest_reading r ON r.device = d.number
            CROSS JOIN gauge g ON g.device = d.id AND g.number = r.number;

        CREATE VIEW availability_hour AS
        SELECT d.id AS device, a.t, a.up_ms, a.down_ms, a.snmp_silent_ms, a.unauthorised_ms, a.observed_ms, a.polls, a.expected
        FROM availability_closed a JOIN device d ON d.number = a.device
        UNION ALL
        SELECT d.id, p.hour * 3600000, p.up_ms, p.down_ms, p.snmp_silent_ms, p.unauthorised_ms, p.observed_ms, p.polls,
            max(p.polls, (p.polled_at - max(p.hour * 3600000, coalesce(d.first_seen, 0))) / max(1, p.interval_ms))
        FROM device_poll p JOIN device d ON d.number = p.device;
        """
}

extension Schema {
    /// What devices say of their neighbours and addresses, and the map that is drawn from it.
    ///
    /// Rows of `neighbor`, `address`, `vlan` and `transceiver` are as the last full poll found them (`device.facts_at`) and are
    /// written when they change. Stays (`arp_stay`, `mac_stay`) are history: one row from the first to the last time, whose
    /// `last_seen` is empty while it goes on. `forwarding` holds each bridge's learned addresses, packed.
    static let topology = """
        ALTER TABLE device ADD COLUMN parent TEXT;
        ALTER TABLE device ADD COLUMN depends_on TEXT;
        ALTER TABLE interface ADD COLUMN role TEXT;
        ALTER TABLE interface ADD COLUMN aggregate INTEGER;
        CREATE TABLE neighbor (
            device TEXT NOT NULL, port TEXT NOT NULL, protocol TEXT NOT NULL, remote_chassis TEXT NOT NULL, remote_name TEXT NOT NULL,
            remote_port TEXT NOT NULL, idx INTEGER, remote_description TEXT, remote_address TEXT,
            capabilities TEXT NOT NULL DEFAULT '[]', remote_device TEXT, first_seen INTEGER,
            PRIMARY KEY (device, port, protocol, remote_chassis, remote_name, remote_port)) WITHOUT ROWID;
        CREATE TABLE address (
            device TEXT NOT NULL, address TEXT NOT NULL, prefix INTEGER, idx INTEGER, first_seen INTEGER,
            PRIMARY KEY (device, address)) WITHOUT ROWID;
        CREATE INDEX address_address ON address (address);
        CREATE TABLE vlan (
            device TEXT NOT NULL, id INTEGER NOT NULL, name TEXT, first_seen INTEGER, PRIMARY KEY (device, id)) WITHOUT ROWID;
        CREATE TABLE transceiver (
            device TEXT NOT NULL, idx INTEGER NOT NULL, vendor TEXT, model TEXT, serial TEXT, first_seen INTEGER,
            PRIMARY KEY (device, idx)) WITHOUT ROWID;
        CREATE TABLE access_point (
            device TEXT NOT NULL, id TEXT NOT NULL,
            subject TEXT GENERATED ALWAYS AS ('device/' || device || '/access-point/' || id) VIRTUAL,
            name TEXT, mac TEXT, address TEXT, model TEXT, serial TEXT, version TEXT, location TEXT, state TEXT, clients INTEGER,
            first_seen INTEGER, PRIMARY KEY (device, id)) WITHOUT ROWID;
        CREATE INDEX access_point_mac ON access_point (mac);
        CREATE TABLE arp_stay (
            device TEXT NOT NULL, address TEXT NOT NULL, mac TEXT NOT NULL, idx INTEGER, first_seen INTEGER NOT NULL,
            last_seen INTEGER, PRIMARY KEY (device, address, mac)) WITHOUT ROWID;
        CREATE INDEX arp_stay_address ON arp_stay (address);
        CREATE INDEX arp_stay_mac ON arp_stay (mac);
        CREATE INDEX arp_stay_last_seen ON arp_stay (last_seen) WHERE last_seen IS NOT NULL;
        CREATE TABLE forwarding (device INTEGER PRIMARY KEY, at INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE mac_stay (
            id INTEGER PRIMARY KEY, mac TEXT NOT NULL, device TEXT NOT NULL, idx INTEGER NOT NULL, vlan INTEGER,
            exact INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER);
        CREATE INDEX mac_stay_mac ON mac_stay (mac, first_seen);
        CREATE INDEX mac_stay_now ON mac_stay (device, idx) WHERE last_seen IS NULL;
        CREATE INDEX mac_stay_last_seen ON mac_stay (last_seen) WHERE last_seen IS NOT NULL;
        CREATE TABLE link (
            id INTEGER PRIMARY KEY, device TEXT NOT NULL, idx INTEGER, port TEXT NOT NULL, remote_device TEXT NOT NULL,
            remote_idx INTEGER, remote_port TEXT NOT NULL, source TEXT NOT NULL, confirmed INTEGER NOT NULL,
            first_seen INTEGER NOT NULL, gone_at INTEGER);
        CREATE INDEX link_device ON link (device);
        CREATE INDEX link_remote ON link (remote_device);
        CREATE INDEX link_gone ON link (gone_at) WHERE gone_at IS NOT NULL;
        CREATE TABLE map_drawn (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
        CREATE TABLE discovered (
            address TEXT NOT NULL, port INTEGER NOT NULL, device TEXT NOT NULL, credential TEXT, snmp_version TEXT, name TEXT,
            place TEXT, layer TEXT, os TEXT, vendor TEXT, kind TEXT, model TEXT, version TEXT, serial TEXT, location TEXT,
            first_seen INTEGER NOT NULL, seen_at INTEGER NOT NULL, gone_at INTEGER, PRIMARY KEY (address, port)) WITHOUT ROWID;
        CREATE TABLE discovery_run (
            at INTEGER PRIMARY KEY, ranges TEXT NOT NULL, duration_ms INTEGER, addresses INTEGER, answered INTEGER, devices INTEGER);

        CREATE VIEW arp AS
        SELECT s.device, s.address, s.mac, s.idx, s.first_seen, coalesce(s.last_seen, d.facts_at) AS last_seen,
            s.last_seen IS NULL AS current
        FROM arp_stay s JOIN device d ON d.id = s.device;

        CREATE VIEW mac_location AS
        SELECT s.mac, s.device, s.idx, 'device/' || s.device || '/interface/' || s.idx AS subject, s.vlan, s.exact, s.first_seen,
            coalesce(s.last_seen, f.at, d.facts_at) AS last_seen, s.last_seen IS NULL AS current
        FROM mac_stay s JOIN device d ON d.id = s.device LEFT JOIN forwarding f ON f.device = d.number;

        DROP VIEW interface_rate;
        CREATE VIEW interface_rate AS
        SELECT d.id AS device, d.name AS device_name, d.layer, r.idx, i.subject, i.name, i.alias, i.type, i.uplink, i.role, i.exit,
            r.admin, r.oper, r.speed_bps, r.in_bps, r.out_bps, r.utilisation, r.in_ucast_s, r.out_ucast_s, r.in_errors_s,
            r.out_errors_s, r.in_discards_s, r.out_discards_s, r.gap, r.seen_at, r.interval_ms
        FROM device d CROSS JOIN latest_rate r ON r.device = d.number
            CROSS JOIN interface i ON i.device = d.id AND i.idx = r.idx;
        """
}

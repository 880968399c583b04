extension Schema {
    /// One row for each notification that was believed.
    static let traps = """
        CREATE TABLE trap (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, device TEXT, source TEXT NOT NULL, subject TEXT NOT NULL, oid TEXT NOT NULL,
            name TEXT NOT NULL, severity TEXT NOT NULL, title_zh TEXT, title_en TEXT, "index" INTEGER, version TEXT, security TEXT,
            detail TEXT);
        CREATE INDEX trap_at ON trap (at);
        """
}

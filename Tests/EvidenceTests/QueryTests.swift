import Campus
import Foundation
import Testing

@testable import Evidence

struct QueryTests {
    @Test(arguments: [
        "INSERT INTO place VALUES ('a', 'b', 'c', 'd')", "UPDATE device SET name = 'x'", "DELETE FROM audit", "DROP TABLE alert",
        "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "ATTACH 'file:/tmp/x.db' AS other", "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = 0", "VACUUM", "VACUUM INTO '/tmp/copy.db'", "BEGIN", "COMMIT", "SAVEPOINT s", "REINDEX", "ANALYZE",
        "SELECT load_extension('x')", "SELECT writefile('/tmp/x', 'y')", "SELECT readfile('/etc/passwd')", "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE alert", "WITH x AS (SELECT 1) DELETE FROM alert", "CREATE VIRTUAL TABLE t USING latest_rate",
        "SELECT 1; not sql at all",
    ]) func `a query that does more than read is refused`(sql: String) throws {
        let temporary = try TemporaryStore()
        let error = #expect(throws: EvidenceError.self) { try temporary.store.select(sql) }
        switch error {
        case .notPermitted, .sql: break
        default: Issue.record("\(sql) ended in \(String(describing: error))")
        }
        #expect(try temporary.value("SELECT count(*) FROM sqlite_schema WHERE name = 'alert'") == 1)
    }

    @Test func `reading, tables' columns and comments are allowed`() throws {
        let temporary = try TemporaryStore()
        #expect(try temporary.rows("SELECT 1 -- one\n; -- the end") == [[1]])
        #expect(
            try temporary.rows("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n")
                == [[6]])
        #expect(try temporary.rows("PRAGMA table_info(place)").count == 4)
        #expect(try temporary.rows("SELECT json_extract('{\"a\": [1, 2]}', '$.a[1]')") == [[2]])
        #expect(try temporary.rows("EXPLAIN QUERY PLAN SELECT * FROM device").isEmpty == false)
    }

    @Test func `a query that takes too long is stopped`() throws {
        let temporary = try TemporaryStore()
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let limits = QueryLimits(time: .milliseconds(50), rows: 10)
        #expect(throws: EvidenceError.tooSlow(limit: .milliseconds(50))) { try temporary.store.select(endless, limits: limits) }
        #expect(try temporary.value("SELECT 1") == 1)
    }

    @Test func `rows, bytes and values have limits`() throws {
        let temporary = try TemporaryStore()
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT i FROM n"
        #expect(throws: EvidenceError.tooManyRows(limit: 10)) {
            try temporary.store.select(numbers, limits: QueryLimits(time: .seconds(5), rows: 10))
        }
        #expect(try temporary.store.select(numbers, limits: QueryLimits(time: .seconds(5), rows: 1000)).rows.count == 1000)
        var limits = QueryLimits()
        limits.bytes = 1000
        #expect(throws: EvidenceError.tooLarge(limit: 1000)) { try temporary.store.select(numbers, limits: limits) }
        limits.valueBytes = 100_000
        #expect(throws: EvidenceError.tooLarge(limit: 100_000)) {
            try temporary.store.select("SELECT hex(zeroblob(90000))", limits: limits)
        }
    }

    @Test func `parameters go by name and a missing one is told`() throws {
        let temporary = try TemporaryStore()
        let table = try temporary.store.select(
            "SELECT :a AS a, :b AS b, :c AS c, :d AS d, :e AS e",
            parameters: ["a": 1, "b": 2.5, "c": "图书馆", "d": nil, "e": .blob([0, 255]), "unused": 0])
        #expect(table.columns == ["a", "b", "c", "d", "e"])
        #expect(table.rows == [[1, 2.5, "图书馆", nil, .blob([0, 255])]])
        let error = #expect(throws: EvidenceError.self) { try temporary.store.select("SELECT :warn") }
        #expect(error?.description.contains(":warn") == true)
    }

    @Test func `a misspelt column in double quotes is an error and no text`() throws {
        let temporary = try TemporaryStore()
        let error = #expect(throws: EvidenceError.self) { try temporary.store.select(#"SELECT "staet" FROM device_now"#) }
        #expect(error?.description.contains("staet") == true)
    }

    @Test func `filters reach the packed rows`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.declare(
            devices: (1...50).map { number in
                (
                    DeviceID("d\(number)"),
                    DeclaredDevice(address: IPAddress(v4: UInt32(number)), layer: number == 1 ? .core : .access)
                )
            })
        let plan = { (sql: String) in
            try temporary.rows("EXPLAIN QUERY PLAN " + sql).compactMap { $0.last?.string }.joined(separator: "\n")
        }
        // Bits 0–5: device, subject, metric, t =, t from, t to.
        #expect(
            try plan("SELECT * FROM reading_5m WHERE device = 'aa' AND metric = 'in_bps' AND t >= 1 AND t < 9").contains(
                "INDEX 53:"))
        #expect(try plan("SELECT * FROM reading WHERE subject = 'device/aa' AND t BETWEEN 1 AND 2").contains("INDEX 50:"))
        #expect(try plan("SELECT * FROM interface_rate WHERE device = 'aa'").contains("INDEX 1:"))
        let joined = try plan(
            "SELECT avg(r.avg) FROM device d JOIN reading_hour r ON r.device = d.id WHERE d.layer = 'core' AND r.metric = 'in_bps'"
        )
        #expect(joined.contains("INDEX 5:"))
        let exits = try plan(
            """
            WITH port AS (SELECT e.id, e.device, i.subject FROM exit AS e LEFT JOIN interface AS i ON i.device = e.device AND i.name = e.interface)
            SELECT p.id, percentile(r.avg, 95) FROM port AS p JOIN reading_5m AS r ON r.device = p.device AND r.subject = p.subject
            WHERE r.metric IN ('in_bps', 'out_bps') AND r.t >= 1 AND r.t < 9 GROUP BY p.id
            """)
        #expect(exits.contains("INDEX 54:"))
    }

    @Test func `every filter returns what filtering afterwards would`() throws {
        let temporary = try TemporaryStore()
        for minute in 0..<130 {
            let t = midnight.after(Int64(minute) * 60)
            try temporary.store.record([poll(DeviceID("aa"), at: t, load: Double(minute)), poll(DeviceID("bb"), at: t)])
        }
        try temporary.maintain(at: midnight.after(4000))
        let start = midnight.milliseconds
        let filters = [
            "device = 'bb'", "subject = 'device/aa/interface/2'", "metric = 'out_bps'", "t >= \(start + 3_000_000)",
            "t < \(start + 3_900_000)",
            "t = \(start + 3_600_000)", "t > \(start + 600_000) AND t <= \(start + 7_200_000)", "device = 'nobody'",
            "metric = 'nothing'",
            "subject = 'nonsense'", "device IN ('aa', 'bb') AND metric IN ('oper', 'in_bps')", "device = NULL", "t > 'text'",
            "t < 'text'",
            "t >= \(start).5", "subject = 'device/bb/interface/1' AND device = 'aa'",
        ]
        for table in ["reading", "reading_5m", "reading_hour"] {
            for filter in filters {
                // A unary plus keeps SQLite from handing the comparison down.
                let plain = filter.replacing(/(device|subject|metric|t) (?=[=<>IN])/) { "+\($0.output.1) " }
                let down = try temporary.rows("SELECT * FROM \(table) WHERE \(filter) ORDER BY subject, metric, t")
                let after = try temporary.rows("SELECT * FROM \(table) WHERE \(plain) ORDER BY subject, metric, t")
                #expect(down == after, "\(table) \(filter)")
            }
        }
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'in_bps'") == 520)
    }

    @Test func `percentile is the nearest rank`() throws {
        let temporary = try TemporaryStore()
        let values = "(VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (NULL))"
        #expect(
            try temporary.rows("SELECT percentile(column1, 95), percentile(column1, 50), percentile(column1, 0) FROM \(values)")
                == [[10, 5, 1]])
        #expect(try temporary.rows("SELECT percentile(column1, 95) FROM (SELECT NULL AS column1) WHERE 0") == [[nil]])
    }

    @Test func `queries run beside one another and beside the writer`() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for minute in 0..<30 { try store.record([poll(at: midnight.after(Int64(minute) * 60))]) }
            }
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<20 { _ = try store.select("SELECT count(*) FROM interface_rate") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try temporary.value("SELECT count(*) FROM reading WHERE metric = 'in_bps'") == 60)
    }
}

import Campus
import Testing

@testable import Evidence

struct RollUpTests {
    @Test func `p95 is the nearest rank of the samples and the average is exact`() throws {
        let chunk = SampleChunk(
            times: (0..<60).map { Int64($0) * 60_000 }, keys: [0], decimals: [0], values: (1...60).map { Int64($0) })
        let rollUp = RollUp(chunk, start: 0, step: 3_600_000, expected: [60])
        let bucket = try #require(rollUp.buckets.first)
        #expect(bucket == Bucket(count: 60, min: 1, average: 31, max: 60, p95: 57, last: 60))
    }

    @Test func `a gap lowers the count and leaves what was expected`() throws {
        let temporary = try TemporaryStore()
        // Minutes 0–9 and 20–59: what lies between was never polled.
        for minute in Array(0..<10) + Array(20..<60) {
            try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60 + 5), interfaces: 1)])
        }
        try temporary.maintain(at: midnight.after(4000))
        let hour = try temporary.rows("SELECT count, expected, min, max FROM reading_hour WHERE metric = 'in_bps'")
        #expect(hour == [[50, 60, 1000, 1000]])
        let buckets = try temporary.rows("SELECT count FROM reading_5m WHERE metric = 'in_bps' ORDER BY t").map { $0[0] }
        #expect(buckets == [5, 5, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5])
        let hollow = try temporary.rows("SELECT avg, last, expected FROM reading_5m WHERE metric = 'in_bps' AND count = 0")
        #expect(hollow == [[nil, nil, 5], [nil, nil, 5]])
    }

    @Test func `a device that was down all hour is expected and has nothing`() throws {
        let temporary = try TemporaryStore()
        for minute in 0..<120 {
            let state: DeviceState = minute < 60 ? .up : .down
            try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60), interfaces: 1, state: state)])
        }
        try temporary.maintain(at: midnight.after(7600))
        let rows = try temporary.rows("SELECT t, count, expected, avg FROM reading_hour WHERE metric = 'out_bps' ORDER BY t")
        let (first, second) = (
            EvidenceValue.integer(midnight.milliseconds), EvidenceValue.integer(midnight.after(3600).milliseconds)
        )
        #expect(rows == [[first, 60, 60, 500], [second, 0, 60, nil]])
        #expect(
            try temporary.value(
                "SELECT sum(expected) FROM reading_5m WHERE metric = 'oper' AND t >= \(midnight.after(3600).milliseconds)") == 60)
    }

    @Test func `the same bucket reads the same before and after its hour is closed`() throws {
        let temporary = try TemporaryStore()
        for minute in 0..<60 {
            try temporary.store.record([
                poll(at: midnight.after(Int64(minute) * 60), interfaces: 3, load: Double(minute * minute))
            ])
        }
        let queries = ["reading", "reading_5m", "reading_hour"].map {
            "SELECT * FROM \($0) WHERE metric = 'in_bps' ORDER BY subject, t"
        }
        let open = try queries.map { try temporary.rows($0) }
        try temporary.maintain(at: midnight.after(4000))
        #expect(try temporary.value("SELECT count(*) FROM sample_recent") == 0)
        for (query, before) in zip(queries, open) {
            let after = try temporary.rows(query)
            for (one, other) in zip(before, after) { #expect(one == other) }
        }
        #expect(open.map(\.count) == [180, 36, 3])
    }

    @Test func `five minutes of uplinks are kept apart and read alike`() throws {
        let temporary = try TemporaryStore()
        var full = poll(at: midnight, interfaces: 2)
        var report = DeviceReport()
        report.interfaces = [
            Interface(index: 1, name: "Gi1", alias: "uplink to core", type: "ethernetCsmacd"), Interface(index: 2, name: "Gi2"),
        ]
        full.report = report
        try temporary.store.record([full])
        for minute in 1..<60 { try temporary.store.record([poll(at: midnight.after(Int64(minute) * 60))]) }
        try temporary.maintain(at: midnight.after(4000))
        #expect(try temporary.value("SELECT count(*) FROM rollup_5m_uplink") == 1)
        #expect(try temporary.value("SELECT count(*) FROM rollup_5m") == 1)
        #expect(try temporary.value("SELECT count(*) FROM reading_5m WHERE metric = 'in_bps'") == 24)
    }

    @Test func `availability splits at the hour and never guesses across a gap`() throws {
        var hours: [HourAvailability] = []
        var now = HourAvailability()
        let last = { (at: Int64, state: DeviceState) in
            LastPoll(state: state, since: 0, at: at, seenAt: nil, interval: 60_000, uptime: nil)
        }
        now.observe(3_570_000, after: nil) { hours.append($0) }
        now.observe(3_630_000, after: last(3_570_000, .up)) { hours.append($0) }
        #expect(hours == [HourAvailability(hour: 0, up: 30_000, observed: 30_000, polls: 1)])
        #expect(now == HourAvailability(hour: 1, up: 30_000, observed: 30_000, polls: 1))
        // Ten minutes without a poll: two intervals are held, the rest is not observed.
        now.observe(4_230_000, after: last(3_630_000, .down)) { hours.append($0) }
        #expect(now == HourAvailability(hour: 1, up: 30_000, down: 120_000, observed: 150_000, polls: 2))
        // The clock steps back by an hour: nothing is added twice.
        now.observe(1_000_000, after: last(4_230_000, .up)) { hours.append($0) }
        #expect(now.hour == 1 && now.observed == 150_000)
    }
}

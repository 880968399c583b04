import Campus
import Foundation
import GRDB
import Testing

@testable import Evidence

struct BadDayTests {
    private func open(_ path: String) throws -> EvidenceStore {
        try EvidenceStore(path: path, settings: EvidenceSettings(), logger: .silent)
    }

    @Test func `a directory that is not there is named with a remedy`() throws {
        let directory = try TemporaryStore.makeDirectory()
        try FileManager.default.removeItem(at: directory)
        let path = directory.appendingPathComponent("campanile.db").path
        let error = #expect(throws: EvidenceError.self) { try open(path) }
        #expect(error == .cannotOpen(path: path, reason: "no such directory"))
        #expect(error?.description.contains("store.path") == true)
    }

    @Test func `a directory that cannot be written is told as such`() {
        // Nobody, not even root, can make files there.
        let error = #expect(throws: EvidenceError.self) { try open("/proc/sys/campanile.db") }
        #expect(
            error == .readOnly(path: "/proc/sys/campanile.db")
                || error == .cannotOpen(path: "/proc/sys/campanile.db", reason: "unable to open database file"))
    }

    @Test func `a file that is no database is told as such`() throws {
        let directory = try TemporaryStore.makeDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("campanile.db")
        try Data(repeating: 65, count: 8192).write(to: path)
        let error = #expect(throws: EvidenceError.self) { try open(path.path) }
        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a full disk stops writing, corrupts nothing and is over when there is room`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([poll(at: midnight)])
        let pages = try temporary.store.write { db in
            try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0)") ?? 0
        }
        let many = (1...4000).map { poll(at: midnight.after(Int64($0)), interfaces: 20) }
        let error = #expect(throws: EvidenceError.self) { try temporary.store.record(many) }
        #expect(error == .diskFull(path: temporary.store.path))
        #expect(try temporary.value("SELECT count(*) FROM sample_recent") == 1)
        _ = try temporary.store.write { db in try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 100_000)") }
        try temporary.store.record(many)
        #expect(try temporary.value("SELECT count(*) FROM sample_recent") == 4001)
        #expect(try temporary.store.write { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
    }

    /// The child writes events for as long as it lives and is killed in the middle of it.
    @Test func `a kill in the middle of writing loses nothing that was confirmed`() async throws {
        let directory = try TemporaryStore.makeDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("campanile.db").path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try EvidenceStore(path: path, settings: EvidenceSettings(), logger: .silent)
            var confirmed = 0
            for second in 0..<100_000 {
                try store.record((0..<20).map { poll(DeviceID("d\($0)"), at: midnight.after(Int64(second) * 60), interfaces: 8) })
                let alert = Alert(
                    id: "a", rule: "r", ruleVersion: "1", ruleTitle: Bilingual(zh: "", en: ""), subject: "s", severity: .low,
                    state: .firing,
                    startedAt: midnight, lastViolatedAt: midnight, message: Bilingual(zh: "", en: ""))
                confirmed = Int(try store.apply([AlertEvent(at: midnight, alert: alert, action: .firing)]).first?.sequence ?? 0)
                try Data("\(confirmed)".utf8).write(to: URL(fileURLWithPath: path + ".confirmed"), options: .atomic)
                // Somewhere between two statements of the next transaction.
                if second == 40 { Thread.detachNewThread { kill(getpid(), SIGKILL) } }
            }
        }
        let confirmed = Int64(try String(contentsOfFile: path + ".confirmed", encoding: .utf8)) ?? 0
        let store = try open(path)
        #expect(confirmed >= 40)
        #expect(try store.lastAlertSequence() >= confirmed)
        #expect(try store.alertEvents(after: 0, limit: 1000).map(\.sequence) == Array(1...(try store.lastAlertSequence())))
        #expect(try store.write { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
        try store.record([poll(DeviceID("d1"), at: midnight.after(10_000_000))])
        try store.close()
    }

    @Test func `an old store is opened for reading while the daemon writes`() throws {
        let temporary = try TemporaryStore()
        try temporary.store.record([poll(at: midnight)])
        let reader = try EvidenceStore.openReadOnly(path: temporary.store.path, logger: .silent)
        #expect(try reader.select("SELECT count(*) FROM interface_rate").rows == [[2]])
        try temporary.store.record([poll(at: midnight.after(60))])
        #expect(try reader.select("SELECT count(*) FROM reading WHERE metric = 'in_bps'").rows == [[4]])
        #expect(try reader.lastAlertSequence() == 0)
        let events = try temporary.store.apply([firing()])
        #expect(try reader.lastAlertSequence() == 1)
        #expect(try reader.alertEvents(after: 0, limit: 10) == events)
        #expect(try reader.openAlerts() == events.map(\.alert))
        #expect(throws: EvidenceError.readOnly(path: temporary.store.path)) { try reader.record([poll(at: midnight)]) }
        #expect(throws: EvidenceError.readOnly(path: temporary.store.path)) { try reader.apply([firing()]) }
        try reader.close()
        #expect(throws: EvidenceError.self) { try reader.select("SELECT 1") }
        #expect(throws: EvidenceError.self) { try reader.lastAlertSequence() }
    }

    private func firing() -> AlertEvent {
        let alert = Alert(
            id: "a", rule: "ops.device.down", ruleVersion: "1", ruleTitle: Bilingual(zh: "设备离线", en: "Device down"),
            subject: "device/aa", severity: .high, state: .firing, startedAt: midnight, lastViolatedAt: midnight,
            message: Bilingual(zh: "离线", en: "down"))
        return AlertEvent(at: midnight, alert: alert, action: .firing)
    }
}

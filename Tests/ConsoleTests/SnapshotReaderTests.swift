import Campus
import Console
import Evidence
import Foundation
import Logging
import Testing

struct SnapshotReaderTests {
    private let start = Timestamp(seconds: 1_763_654_400)

    /// What is read from a store that `fill` filled.
    private func snapshot(_ fill: (EvidenceStore) throws -> Void) throws -> Snapshot {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-snapshot-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try EvidenceStore(path: folder + "/campanile.db", settings: EvidenceSettings(), logger: logger)
        try fill(store)
        return SnapshotReader(store: store, titles: ConsoleTitles()).snapshot(at: start + .seconds(7200))
    }

    private func verdicts(_ verdict: Verdict, of subjects: [String], at: Timestamp) -> [VerdictRecord] {
        subjects.map { subject in
            VerdictRecord(
                item: "8.1.4.1-c", system: "", subject: subject, verdict: verdict, reason: Bilingual(zh: "", en: ""), rule: "",
                at: at)
        }
    }

    @Test func `an item shows its newest judgement and counts the objects of that one only`() throws {
        let snapshot = try snapshot { store in
            try store.record(verdicts: verdicts(.nonconform, of: ["", "device/a", "device/b", "device/gone"], at: start))
            try store.record(verdicts: verdicts(.conform, of: ["", "device/a", "device/b"], at: start + .seconds(3600)))
        }
        #expect(snapshot.failures.isEmpty)
        #expect(snapshot.items.map(\.verdict) == [.conform])
        #expect(snapshot.items.first?.objects.map(\.count) == [2])
    }

    @Test func `an indicator shows its newest period`() throws {
        let snapshot = try snapshot { store in
            try store.record(
                indicatorValues: (0..<3).map { day in
                    IndicatorRecord(
                        indicator: "ops.mttr", scope: "school", period: "2026-11-2\(day)",
                        periodStart: start + .seconds(day * 86_400), periodEnd: start + .seconds((day + 1) * 86_400),
                        value: Double(day), status: "ok", computedAt: start)
                })
        }
        #expect(snapshot.indicators.map(\.period) == ["2026-11-22"])
    }
}

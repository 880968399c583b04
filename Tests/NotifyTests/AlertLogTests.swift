import Campus
import Evidence
import Foundation
import Logging
import Notify
import Testing

private let noon = Timestamp(milliseconds: 1_795_263_303_120)

/// A temporary store with a log beside it.
private final class Desk {
    let folder: URL
    let store: EvidenceStore
    let path: String
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-notify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try EvidenceStore(
            path: folder.appending(path: "campanile.db").path, settings: EvidenceSettings(), logger: Self.logger)
        path = folder.appending(path: "alerts.jsonl").path
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func log() throws -> AlertLog {
        var settings = AlertLogSettings()
        settings.hostname = "bell"
        return try AlertLog(path: path, store: store, settings: settings, logger: Self.logger)
    }

    /// Stores `count` events of one alert each, a second apart.
    func ring(_ count: Int, from first: Int = 1) throws {
        for number in first..<(first + count) {
            let at = noon + .seconds(number - 1)
            var alert = Alert(
                id: "01J0000000000000000000000\(number % 10)", rule: "detection.port_scan", ruleVersion: "1",
                ruleTitle: Bilingual(zh: "端口扫描", en: "Port scan"), subject: "host/10.1.60.7", severity: .medium, state: .firing,
                startedAt: at, lastViolatedAt: at,
                message: Bilingual(zh: "10.1.60.7 扫描 10.1.1.2 的端口：\(number)", en: "scan \(number)"))
            alert.observationClass = "port_scan"
            (alert.source, alert.destination) = ("10.1.60.7", "10.1.1.2")
            alert.dengbao = ["8.1.3.3-a"]
            alert.value = 21
            _ = try store.apply([AlertEvent(at: at, alert: alert, action: .firing)])
        }
    }

    var text: String {
        get throws { try String(contentsOfFile: path, encoding: .utf8) }
    }

    var lines: [String] {
        get throws { try text.split(separator: "\n").map(String.init) }
    }

    func write(_ lines: [String], ending: String = "\n") throws {
        try (lines.joined(separator: "\n") + ending).write(toFile: path, atomically: true, encoding: .utf8)
    }

    func findings() throws -> [AlertLogReport.Finding] { try AlertLog.verify(path: path, store: store).findings }
}

@Suite struct AlertLogTests {
    @Test func `a line is as the golden file has it`() throws {
        let desk = try Desk()
        try desk.ring(2)
        _ = try desk.log()
        let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/alerts.jsonl")
        #expect(try desk.text == String(contentsOf: golden, encoding: .utf8))
    }

    @Test func `every line is JSON and carries the hash of the line before`() throws {
        let desk = try Desk()
        let log = try desk.log()
        try desk.ring(5)
        log.project()
        try desk.ring(3, from: 6)
        log.project()
        #expect(try desk.lines.count == 8)
        #expect(log.lastSequence == 8)
        for line in try desk.lines { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
        let report = try AlertLog.verify(path: desk.path, store: desk.store)
        #expect(report.isIntact)
        #expect((report.lines, report.firstSequence, report.lastSequence) == (8, 1, 8))
    }

    @Test func `texts of devices cannot break a line`() throws {
        let desk = try Desk()
        var alert = Alert(
            id: "a", rule: "r.x", ruleVersion: "1", ruleTitle: Bilingual(zh: "\"\\", en: "x"), subject: "host/\u{1}\n\u{2028}",
            severity: .low,
            state: .firing, startedAt: noon, lastViolatedAt: noon, message: Bilingual(zh: "行\r\n行\u{7F}", en: "x"))
        alert.labels = ["k\"": "v\n"]
        _ = try desk.store.apply([AlertEvent(at: noon, alert: alert, action: .firing)])
        _ = try desk.log()
        #expect(try desk.lines.count == 1)
        #expect(try desk.findings().isEmpty)
    }

    @Test func `a restart appends what a kill kept from the file`() throws {
        let desk = try Desk()
        try desk.ring(3)
        _ = try desk.log()
        try desk.ring(2, from: 4)
        #expect(try desk.findings() == [.cutTail(after: 3, newest: 5)])
        let repair = try desk.log().repair
        #expect((repair.tornBytes, repair.appended, repair.orphaned) == (0, 2, 0))
        #expect(try desk.findings().isEmpty)
    }

    @Test func `a torn tail is cut and written anew`() throws {
        let desk = try Desk()
        try desk.ring(3)
        _ = try desk.log()
        let whole = try desk.text
        let lines = try desk.lines
        try desk.write([lines[0], lines[1], String(lines[2].prefix(40))], ending: "")
        #expect(try desk.findings() == [.tornTail(line: 3), .cutTail(after: 2, newest: 3)])
        let repair = try desk.log().repair
        #expect((repair.tornBytes, repair.appended) == (40, 1))
        #expect(try desk.text == whole)
    }

    @Test func `a cut tail is told by verify and by the next start`() throws {
        let desk = try Desk()
        try desk.ring(5)
        _ = try desk.log()
        try desk.write(Array(try desk.lines.prefix(2)))
        #expect(try desk.findings() == [.cutTail(after: 2, newest: 5)])
        #expect(try desk.log().repair.appended == 3)
    }

    @Test func `a changed line is told by its number`() throws {
        let desk = try Desk()
        try desk.ring(4)
        _ = try desk.log()
        var lines = try desk.lines
        lines[1] = lines[1].replacing("10.1.60.7 扫描", with: "10.1.60.8 扫描")
        try desk.write(lines)
        #expect(try desk.findings() == [.changed(line: 2, what: "message differs from the store's"), .broken(line: 3)])
    }

    @Test func `a change of the last line is told, although no line follows it`() throws {
        let desk = try Desk()
        try desk.ring(2)
        _ = try desk.log()
        var lines = try desk.lines
        lines[1] = lines[1].replacing("\"severity\":\"medium\"", with: "\"severity\":\"low\"")
        try desk.write(lines)
        #expect(try desk.findings() == [.changed(line: 2, what: "severity is low, the store says medium")])
    }

    @Test func `a removed line is told with its number and as missing`() throws {
        let desk = try Desk()
        try desk.ring(4)
        _ = try desk.log()
        var lines = try desk.lines
        lines.remove(at: 1)
        try desk.write(lines)
        #expect(try desk.findings() == [.broken(line: 2), .missing(line: 2, first: 2, last: 2)])
    }

    @Test func `a line that is no alert line is told and does not stop the check`() throws {
        let desk = try Desk()
        try desk.ring(3)
        _ = try desk.log()
        var lines = try desk.lines
        lines[1] = "garbage"
        try desk.write(lines)
        #expect(try desk.findings() == [.changed(line: 2, what: "it is no alert line"), .broken(line: 3)])
    }

    @Test func `lines that the store does not know are told, and set aside at the next start`() throws {
        let desk = try Desk()
        try desk.ring(2)
        _ = try desk.log()
        let other = try Desk()
        try other.ring(3)
        _ = try other.log()
        try desk.write(try other.lines)
        #expect(try desk.findings() == [.unknownToStore(line: 3, sequence: 3)])
        #expect(try desk.log().repair.orphaned == 1)
        #expect(try desk.lines.count == 2)
        #expect(try String(contentsOfFile: desk.path + ".orphaned", encoding: .utf8).contains("\"sequence\":3"))
    }

    @Test func `a file that continues a rotated one verifies by itself`() throws {
        let desk = try Desk()
        try desk.ring(4)
        _ = try desk.log()
        try desk.write(Array(try desk.lines.suffix(2)))
        let report = try AlertLog.verify(path: desk.path, store: desk.store)
        #expect(report.isIntact)
        #expect(report.firstSequence == 3)
    }

    @Test func `a folder that cannot be written is told with its remedy`() throws {
        let desk = try Desk()
        let path = desk.store.path + "/alerts.jsonl"
        let error = #expect(throws: AlertLogError.self) {
            try AlertLog(path: path, store: desk.store, settings: AlertLogSettings(), logger: Desk.logger)
        }
        #expect(error?.description.contains("check the folder") == true)
        #expect(throws: AlertLogError.cannotRead(path: path)) {
            try AlertLog.verify(path: path, store: desk.store)
        }
    }

    @Test func `a report reads in both languages`() throws {
        let desk = try Desk()
        try desk.ring(2)
        _ = try desk.log()
        try desk.write(Array(try desk.lines.prefix(1)))
        let report = try AlertLog.verify(path: desk.path, store: desk.store)
        #expect(report.text(.zh).hasSuffix("1 行，序号 1–1，1 处异常\n  尾部被截断：序号 1 之后，库中还有到 2"))
        #expect(report.findings.map(\.kind) == ["cut_tail"])
    }
}

import Campus
import Definitions
import Evidence
import Foundation
import Judging
import Logging
import Synchronization

/// A temporary store with the shipped definitions and a judge over them; time is what the test says.
final class Workbench: Sendable {
    /// Monday, 2026-11-23, 10:00 in Shanghai: a working hour.
    static let monday = Timestamp(seconds: 1_795_399_200)
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let rulesFolder = repository.appending(path: "Rules").path

    let folder: URL
    let store: EvidenceStore
    let definitions: JudgingDefinitions
    let events = Mutex<[AlertEvent]>([])
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(_ definitions: JudgingDefinitions? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "campanile-judging-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = EvidenceSettings()
        settings.beat = .seconds(300)
        store = try EvidenceStore(path: folder.appending(path: "campanile.db").path, settings: settings, logger: Self.logger)
        self.definitions = definitions ?? .load(directories: [Self.rulesFolder], problems: Problems())
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func judge() -> Judge {
        Judge(store: store, definitions: definitions, logger: Self.logger, now: { Self.monday }) { [weak self] new in
            self?.events.withLock { $0 += new }
        }
    }

    func assessor() -> Assessor { Assessor(store: store, definitions: definitions, logger: Self.logger) }

    /// What the latest run of a rule said: outcome by subject.
    func outcomes(of rule: String) throws -> [String: String] {
        let table = try store.select(
            "SELECT subject, outcome FROM rule_result WHERE rule = :rule", parameters: ["rule": .text(rule)])
        return Dictionary(table.rows.map { ($0[0].string ?? "", $0[1].string ?? "") }) { first, _ in first }
    }

    /// English messages of the open alerts of a rule, by subject.
    func alerts(of rule: String) throws -> [String: String] {
        Dictionary(try store.openAlerts().filter { $0.rule == rule }.map { ($0.subject, $0.message.en) }) { first, _ in first }
    }

    /// A definition set of one rule, written as YAML.
    static func definitions(_ yaml: String) throws -> JudgingDefinitions {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try yaml.write(to: folder.appending(path: "rule.yaml"), atomically: true, encoding: .utf8)
        let problems = Problems()
        let definitions = JudgingDefinitions.load(directories: [folder.path], problems: problems)
        if let problem = problems.all.first { throw problem }
        return definitions
    }
}

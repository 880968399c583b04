import Campus
import Definitions
import Foundation
import Rules

/// Rules written for one test, read through the library as an administrator's folder is.
struct Samples {
    let problems = Problems()
    let library: RuleLibrary

    init(_ yaml: String, classes: String = "", overrides: RuleOverrides = RuleOverrides()) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "detection"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try yaml.write(to: folder.appending(path: "rule.yaml"), atomically: true, encoding: .utf8)
        try classes.write(to: folder.appending(path: "detection/classes.tsv"), atomically: true, encoding: .utf8)
        library = RuleLibrary.load(directories: [folder.path], overrides: overrides, problems: problems)
    }

    /// `line:column: what: remedy` of each problem, without the folder.
    var complaints: [String] { problems.all.map { "\($0.line):\($0.column): \($0.what): \($0.remedy)" } }

    static func rule(
        holdFor: Duration = .zero, keepFiringFor: Duration = .zero, every: Duration = .seconds(10), severity: Severity = .medium
    ) throws -> Rule {
        let yaml = """
            id: ops.test
            title: {zh: 测试, en: Test}
            severity: \(severity.rawValue)
            every: 10s
            select: SELECT 1
            message: {zh: "值 {value:.1f}", en: "value {value:.1f}"}
            """
        let samples = try Samples(yaml)
        guard var rule = samples.library.rules.first else { throw JudgementError(what: samples.complaints.joined()) }
        rule.holdFor = holdFor
        rule.keepFiringFor = keepFiringFor
        rule.every = every
        return rule
    }
}

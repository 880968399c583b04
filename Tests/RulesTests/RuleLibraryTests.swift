import Campus
import Definitions
import Rules
import Testing

private let good = """
    id: ops.test.rule
    title: {zh: 测试, en: Test}
    severity: medium
    every: 30s
    for: 5m
    parameters: {warn: 80}
    select: SELECT 'a' AS subject, 'held' AS outcome, 1 AS value WHERE 1 > :warn
    message: {zh: "值 {value:.0f}", en: "value {value:.0f}"}
    """

private let classes = "class\tseverity\tzh\ten\tnote\nport_scan\tmedium\t端口扫描\tPort scan\tone source tries many ports\n"

@Suite struct RuleLibraryTests {
    @Test func `a rule is read with its times, parameters and words`() throws {
        let samples = try Samples(good)
        #expect(samples.complaints.isEmpty)
        let rule = try #require(samples.library.rule("ops.test.rule"))
        #expect(rule.every == .seconds(30))
        #expect(rule.holdFor == .seconds(300))
        #expect(rule.keepFiringFor == .zero)
        #expect(rule.parameters == ["warn": .integer(80)])
    }

    @Test(arguments: [
        (
            "severity: medium", "severity: warning",
            "3:11: `severity` cannot be `warning`: use one of critical, high, info, low, medium"
        ),
        ("every: 30s", "evry: 30s", "4:1: unknown key `evry`: did you mean `every`?"),
        ("every: 30s", "every: 30", "4:8: `every` must be a time span: write a number with ms, s, m, h or d, e.g. 60s"),
        ("every: 30s", "every: 10ms", "4:8: `every` is shorter than a second: write 1s or more"),
        ("title: {zh: 测试, en: Test}", "title: {zh: 测试}", "2:8: `en` is missing: add `en: …`"),
        (":warn", ":wran", "7:9: the query asks for `:wran`, which nobody gives: did you mean `warn`?"),
        ("{value:.0f}", "{value:x}", "8:10: `{value:x}` has an unknown format: write {column}, {column:.1f} or {column:si}"),
        (
            "id: ops.test.rule", "id: Test",
            "1:5: `Test` cannot be an id: write lower-case words joined by dots, e.g. ops.device.down"
        ),
        (
            "parameters: {warn: 80}", "threshold: {metric: load, warn: 1}",
            "1:1: the rule has select and threshold: write one of `select`, `threshold` or `detector`"
        ),
    ])
    func `a mistake is told with its place and remedy`(right: String, wrong: String, complaint: String) throws {
        let samples = try Samples(good.replacing(right, with: wrong))
        #expect(samples.complaints.contains(complaint))
    }

    @Test func `every mistake of a file is told at once`() throws {
        let samples = try Samples("id: x\nseverity: bad\nfoo: 1\n")
        #expect(samples.problems.all.count >= 5)
        #expect(samples.library.rules.isEmpty)
    }

    @Test func `two rules of one id in a folder are a mistake`() throws {
        let samples = try Samples(good + "\n---\n" + good)
        #expect(samples.complaints.contains { $0.contains("stands at") })
    }

    @Test func `a placeholder that the query does not give is told when the query is prepared`() throws {
        let samples = try Samples(good)
        samples.library.check(columns: { _ in ["subject", "outcome"] }, problems: samples.problems)
        #expect(samples.complaints == ["1:1: `ops.test.rule`: `{value}` is no column of the query: use one of subject, outcome"])
    }

    @Test func `a query that cannot be prepared is told with its reason`() throws {
        let samples = try Samples(good)
        samples.library.check(columns: { _ in throw JudgementError(what: "no such table: thing") }, problems: samples.problems)
        #expect(samples.complaints.first?.contains("no such table: thing") == true)
    }

    @Test func `a detector rule takes title and severity from its class`() throws {
        let yaml = """
            id: detection.port_scan
            detector: {class: port_scan, quiet: 5m, settings: {ports: 20, window: 300s}}
            message: {zh: "{source}", en: "{source}"}
            """
        let samples = try Samples(yaml, classes: classes)
        #expect(samples.complaints.isEmpty)
        let rule = try #require(samples.library.rules.first)
        #expect(rule.title.zh == "端口扫描")
        #expect(rule.severity == .medium)
        #expect(rule.detector?.settings == ["ports": .integer(20), "window": .text("300s")])
    }

    @Test func `a detector of no class is told the nearest one`() throws {
        let yaml = "id: detection.x\ndetector: {class: port_scn}\nmessage: {zh: a, en: a}\ntitle: {zh: a, en: a}\nseverity: low\n"
        let samples = try Samples(yaml, classes: classes)
        #expect(samples.complaints == ["2:19: `port_scn` is no class of observations: did you mean `port_scan`?"])
    }

    @Test func `a threshold compiles to a query with hysteresis and both limits`() throws {
        let yaml = """
            id: energy.test
            title: {zh: a, en: a}
            severity: medium
            threshold: {of: sensor, metric: load, warn: 80, critical: 95, hysteresis: 5, scope: {place: 图书馆}, closed: {warn: 60}}
            message: {zh: "{value:.0f}", en: "{value:.0f}"}
            """
        let samples = try Samples(yaml)
        #expect(samples.complaints.isEmpty)
        let rule = try #require(samples.library.rules.first)
        #expect(rule.parameters["warn"] == .real(80))
        #expect(rule.parameters["closed_warn"] == .real(60))
        #expect(rule.parameters["closed_critical"] == .real(95))
        #expect(rule.parameters["scope_place"] == .text("图书馆"))
        #expect(QueryText(rule.select).parameters.isSubset(of: Set(rule.parameters.keys).union(Rule.boundParameters)))
    }

    @Test func `a critical limit milder than the first is a mistake`() throws {
        let yaml =
            "id: energy.test\ntitle: {zh: a, en: a}\nseverity: low\nthreshold: {metric: load, warn: 80, critical: 70}\n"
            + "message: {zh: a, en: a}\n"
        #expect(try Samples(yaml).complaints == ["4:12: `critical` is milder than `warn`: exchange the two"])
    }
}

@Suite struct RuleOverridesTests {
    private func overrides(_ yaml: String) throws -> (RuleOverrides, Problems) {
        let problems = Problems()
        let element = try #require(try Element.documents(in: yaml, file: "campanile.yaml").first)
        let overrides = RuleOverrides(Reader(element, problems)) { Timestamp(seconds: Int64($0.daysSinceEpoch + 1) * 86_400) }
        return (overrides, problems)
    }

    @Test func `a rule is switched off with a reason until the end of a day`() throws {
        let (overrides, problems) = try overrides("disable: [{id: ops.test.rule, reason: 改造中, until: 2026-12-31}]\n")
        let rule = try #require(try Samples(good, overrides: overrides).library.rules.first)
        #expect(problems.isEmpty)
        #expect(rule.disabled?.reason == "改造中")
        let lastDay = Timestamp(seconds: 1_798_675_200)
        #expect(rule.isDisabled(at: lastDay + .seconds(86_399)))
        #expect(!rule.isDisabled(at: lastDay + .seconds(86_400)))
    }

    @Test func `a parameter is set, and one that does not exist is told`() throws {
        let (overrides, _) = try overrides("set: {ops.test.rule: {warn: 70, wran: 1}, ops.tset.rule: {warn: 1}}\n")
        let samples = try Samples(good, overrides: overrides)
        #expect(samples.library.rules.first?.parameters["warn"] == .integer(70))
        #expect(samples.complaints.contains { $0.contains("`ops.test.rule` has no parameter `wran`: did you mean `warn`?") })
        #expect(samples.complaints.contains { $0.contains("no rule is called `ops.tset.rule`: did you mean `ops.test.rule`?") })
    }

    @Test func `a text for a number is a mistake, and a reason must be given`() throws {
        let (set, _) = try overrides("set: {ops.test.rule: {warn: many}}\n")
        #expect(try Samples(good, overrides: set).complaints.contains { $0.contains("`warn` must be a number") })
        let (_, problems) = try overrides("disable: [{id: ops.test.rule}]\n")
        #expect(problems.all.map(\.what) == ["`reason` is missing"])
    }
}

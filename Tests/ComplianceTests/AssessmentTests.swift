import Campus
import Compliance
import Definitions
import Foundation
import Testing

private let now = Timestamp(seconds: 1_800_000_000)

private let yaml = """
    id: 8.1.4.1-c
    level2_id: 7.1.4.1-c
    levels: [2, 3]
    layer: {zh: 层, en: Layer}
    control_point: {zh: 点, en: Point}
    requirement: {zh: 要求, en: Requirement}
    mode: automatic
    parameters: {min_coverage_pct: 90}
    freshness: 1d
    select: SELECT 'a' AS subject, 'held' AS outcome
    reasons:
      conform: {zh: "{subject} 好", en: "{subject} fine"}
      partial: {zh: 半, en: half}
      nonconform: {zh: 坏, en: bad}
      undetermined: {zh: 不知, en: not known}
    nothing: {zh: 没有, en: nothing}
    """

private func load(_ text: String) throws -> (library: ItemLibrary, problems: Problems) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-items-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "dengbao"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appending(path: "dengbao/item.yaml"), atomically: true, encoding: .utf8)
    let problems = Problems()
    return (ItemLibrary.load(directories: [folder.path], problems: problems), problems)
}

private func item() throws -> ComplianceItem { try #require(try load(yaml).library.items.first) }

private func row(_ subject: String, _ outcome: Outcome, samples: Int? = nil, age: Duration = .zero) -> Judgement {
    var judgement = Judgement(subject: subject, outcome: outcome, columns: ["subject": .text(subject)])
    if let samples { (judgement.samples, judgement.expected) = (samples, 100) }
    judgement.seenAt = now - age
    return judgement
}

@Suite struct AssessmentTests {
    /// What the row says, how many of 100 samples it has, how old it is, and what follows: the catalogue's order.
    @Test(arguments: [
        (Outcome.notApplicable, 0, Int64(0), Verdict.notApplicable),
        (.violated, 89, 0, .undetermined), (.held, 89, 0, .undetermined), (.held, 90, 0, .conform),
        (.violated, 100, 90_000, .undetermined), (.violated, 100, 80_000, .nonconform), (.partial, 100, 0, .partial),
        (.unknown, 100, 0, .undetermined),
    ])
    func `one object is judged in the catalogue's order`(outcome: Outcome, samples: Int, age: Int64, verdict: Verdict) throws {
        let judged = ObjectVerdict(row("a", outcome, samples: samples, age: .seconds(age)), of: try item(), at: now)
        #expect(judged.verdict == verdict)
    }

    @Test(arguments: [
        ([Outcome.held, .held], Verdict.conform), ([.held, .partial], .partial), ([.partial, .unknown], .undetermined),
        ([.unknown, .violated, .held], .nonconform), ([.notApplicable, .held], .conform), ([.notApplicable], .notApplicable),
        ([], .undetermined),
    ])
    func `the worst object decides`(outcomes: [Outcome], verdict: Verdict) throws {
        let rows = outcomes.enumerated().map { row("o\($0.offset)", $0.element) }
        let assessment = Assessment(try item(), level: 3, rows: rows, at: now)
        #expect(assessment.verdict == verdict)
        #expect(assessment.objects.count == outcomes.count)
    }

    @Test func `every object keeps its own verdict and reason, worst first`() throws {
        let assessment = Assessment(try item(), level: 2, rows: [row("b", .held), row("a", .held), row("c", .violated)], at: now)
        #expect(assessment.objects.map(\.subject) == ["c", "a", "b"])
        #expect(assessment.objects.map(\.reason.en) == ["bad", "a fine", "b fine"])
        #expect(assessment.reason.zh == "坏")
        #expect(assessment.clause == "7.1.4.1-c")
    }

    @Test func `thin evidence says how thin it is`() throws {
        let judged = ObjectVerdict(row("a", .held, samples: 45), of: try item(), at: now)
        #expect(judged.reason.zh == "证据不足：样本覆盖率 45.0%，要求不低于 90%")
    }

    @Test func `the whole item is 不适用 only by a person's word`() throws {
        let word = Attestation(item: "8.1.4.1-c", verdict: .notApplicable, by: "王", note: "无远程管理")
        let assessment = Assessment(try item(), level: 3, rows: [row("a", .violated)], attested: word, at: now)
        #expect(assessment.verdict == .notApplicable)
        #expect(assessment.reason.zh == "由 王 确认不适用：无远程管理")
    }

    @Test func `自查符合率 counts 符合 alone, and what is not known stays below the line`() throws {
        let outcomes: [[Outcome]] = [[.held], [.partial], [.violated], [.unknown], [.notApplicable]]
        let item = try item()
        let summary = AssessmentSummary(outcomes.map { Assessment(item, level: 3, rows: $0.map { row("a", $0) }, at: now) })
        #expect(summary.conformRate == 25)
        #expect(AssessmentSummary([]).conformRate == nil)
    }

    @Test(arguments: [
        ("levels: [2, 3]", "levels: [4]", "`levels` names no 等保 level"),
        ("mode: automatic", "mode: auto", "`mode` cannot be `auto`"),
        ("freshness: 1d", "freshnes: 1d", "unknown key `freshnes`"),
        ("'held'", ":missing", "the query asks for `:missing`, which nobody gives"),
        ("{subject} fine", "{subject", "a `{` is never closed"),
    ])
    func `a mistake in an item is told`(right: String, wrong: String, what: String) throws {
        #expect(try load(yaml.replacing(right, with: wrong)).problems.all.contains { $0.what == what })
    }

    @Test func `an item is found by either clause`() throws {
        let library = try load(yaml).library
        #expect(library.item("7.1.4.1-c")?.id == "8.1.4.1-c")
        #expect(library.items(level: 2).count == 1)
    }
}

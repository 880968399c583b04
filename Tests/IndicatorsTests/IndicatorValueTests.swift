import Campus
import Definitions
import Foundation
import Indicators
import Testing

private let yaml = """
    id: net.test
    name: {zh: 测试率, en: Test ratio}
    unit: percent
    direction: higher_better
    periods: [day, month]
    definition: {formula: a / b}
    scale: 100
    sources: [device]
    select: SELECT 'school' AS scope, 1 AS numerator, 1 AS denominator, 1 AS valid_samples, 1 AS expected_samples WHERE :period_start < :now
    """

private func load(_ text: String) throws -> (library: IndicatorLibrary, problems: Problems) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "campanile-indicators-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "indicators"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appending(path: "indicators/one.yaml"), atomically: true, encoding: .utf8)
    let problems = Problems()
    return (IndicatorLibrary.load(directories: [folder.path], problems: problems), problems)
}

private func value(
    _ numerator: Double?, _ denominator: Double?, _ valid: Double?, _ expected: Double?, day: String = "2026-11-21"
) throws
    -> IndicatorValue
{
    let indicator = try #require(try load(yaml).library.indicators.first)
    let period = try #require(Period(label: day, calendar: SiteCalendar()))
    let row = IndicatorRow(
        scope: "school", numerator: numerator, denominator: denominator, validSamples: valid, expectedSamples: expected)
    return IndicatorValue(row, of: indicator, in: period, at: period.end)
}

@Suite struct IndicatorValueTests {
    @Test(arguments: [
        (95.0, IndicatorStatus.ok), (94.9, .partial), (80, .partial), (79.9, .insufficient), (0, .insufficient), (120, .ok),
    ])
    func `coverage decides how far a figure may be reported`(valid: Double, status: IndicatorStatus) throws {
        #expect(try value(90, 100, valid, 100).status == status)
    }

    @Test func `an empty denominator is not applicable, never 100 %`() throws {
        for empty in [nil, 0.0] {
            let value = try value(0, empty, 100, 100)
            #expect(value.status == .notApplicable)
            #expect(value.value == nil)
        }
    }

    @Test func `an empty denominator that was hardly watched is insufficient`() throws {
        #expect(try value(nil, nil, 10, 100).status == .insufficient)
    }

    @Test func `the value is scaled, and its parts stay beside it`() throws {
        let value = try value(86_300, 86_400, 86_400, 86_400)
        #expect(abs((value.value ?? 0) - 99.884) < 0.001)
        #expect((value.numerator, value.denominator) == (86_300, 86_400))
        #expect(value.coverage == 1)
        #expect(value.period == "2026-11-21")
    }

    @Test func `the digest tells two inputs apart, and the same input the same`() throws {
        let one = try value(1, 2, 3, 4).inputDigest
        #expect(one.count == 64)
        #expect(try value(1, 2, 3, 4).inputDigest == one)
        #expect(try value(1, 2, 3, 5).inputDigest != one)
        #expect(try value(1, 2, 3, 4, day: "2026-11-20").inputDigest != one)
    }

    @Test func `an explanation shows query, parameters, parts and coverage`() throws {
        let indicator = try #require(try load(yaml).library.indicators.first)
        let period = try #require(Period(label: "2026-11-21", calendar: SiteCalendar()))
        let explanation = IndicatorExplanation(
            indicator: indicator, period: period, parameters: [("period_start", .integer(period.start.milliseconds))],
            values: [try value(9, 10, 80, 100)])
        let text = explanation.text(.zh)
        #expect(text.contains("net.test  测试率  [percent]"))
        #expect(text.contains(":period_start = 1795190400000"))
        #expect(text.contains("school: 90 percent = 9 / 10; 样本 80 / 100 (覆盖率 80.0 %); partial"))
    }

    @Test(arguments: [
        ("periods: [day, month]", "periods: [dayly]", "`dayly` is no period"), ("unit: percent\n", "", "`unit` is missing"),
        (":now", ":nwo", "the query asks for `:nwo`, which nobody gives"),
        ("definition: {formula: a / b}\n", "", "`definition` is missing"),
    ])
    func `a mistake in an indicator is told`(right: String, wrong: String, what: String) throws {
        #expect(try load(yaml.replacing(right, with: wrong)).problems.all.contains { $0.what == what })
    }

    @Test func `a query without its parts is told when it is prepared`() throws {
        let (library, problems) = try load(yaml)
        library.check(columns: { _ in ["scope", "numerator", "denominator", "valid_samples"] }, problems: problems)
        #expect(problems.all.map(\.what) == ["`net.test`: the query gives no column `expected_samples`"])
    }
}

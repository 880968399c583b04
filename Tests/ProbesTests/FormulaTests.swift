import Testing

@testable import Probes

@Suite struct FormulaTests {
    private func value(_ text: String) throws -> Double? {
        var parser = FormulaParser(text) { _ in nil }
        return try parser.formula().value(in: Row(tables: [], places: []))
    }

    @Test(arguments: [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("-2 * -3", 6), ("8 / 4 / 2", 1), ("1.5e1 - 5", 10),
        ("min(3, 1, 2)", 1), ("max(3, 1)", 3), ("abs(-4)", 4), ("round(2.5)", 3), ("floor(2.9)", 2), ("log10(1000)", 3),
        ("pow(2, 10)", 1024),
    ])
    func `arithmetic is what it was at school`(text: String, result: Double) throws {
        #expect(try value(text) == result)
    }

    @Test(arguments: ["1 / 0", "log10(0)", "log10(-1)", "pow(10, 400)", "pow(2)"])
    func `what is no number is none`(text: String) throws {
        #expect(try value(text) == nil)
    }

    @Test(arguments: ["", "1 +", "(1", "1 2", "min()", "1.2.3", "unknown * 2", String(repeating: "(", count: 1000)])
    func `what is no formula is refused`(text: String) {
        #expect(throws: FormulaParser.Fault.self) { try value(text) }
    }
}

import Testing

@testable import Probes

@Suite struct TextExpressionTests {
    @Test(arguments: [
        ("Version ([^ ,]+)", "IOS Software, Version 15.2(4)E7, RELEASE", ["Version 15.2(4)E7", "15.2(4)E7"]),
        ("version (\\d+)", "VERSION 7", ["VERSION 7", "7"]),
        ("^(\\S+) .*rev (\\w+)$", "S5720 switch rev B", ["S5720 switch rev B", "S5720", "B"]),
        ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]),
        ("<(.+?)>", "<a><b>", ["<a>", "a"]),
        ("<(.+)>", "<a><b>", ["<a><b>", "a><b"]),
        ("(?:x|y){2,3}(z)?", "xyxyz", ["xyx"]),
        ("[^]a]+", "ab]c", ["b"]),
        ("[\\d.-]+", "V1.2-3", ["1.2-3"]),
        ("\\bup\\b", "setup up", ["up"]),
        ("a{x", "a{x", ["a{x"]),
        ("", "abc", [""]),
        ("版本 (\\d)", "软件版本 5", ["版本 5", "5"]),
    ])
    func `groups are found as everybody expects`(pattern: String, text: String, groups: [String]) throws {
        let found = try #require(try TextExpression(pattern).groups(in: text))
        #expect(found.compactMap(\.self) == groups)
    }

    @Test(arguments: [("^b", "ab"), ("(?-i)ab", "AB"), ("a$", "ab"), ("x+", "aaa"), ("\\Bx", "x")])
    func `what does not fit is not found`(pattern: String, text: String) {
        let expression = try? TextExpression(pattern)
        #expect(expression?.matches(text) != true)
    }

    @Test(arguments: ["(", ")", "[a", "*a", "a\\", "(?=a)", "(?<n>a)", "a{9999}", "[z-a]", "\\q"])
    func `a pattern that is none is refused`(pattern: String) {
        #expect(throws: TextExpression.Fault.self) { try TextExpression(pattern) }
    }

    /// Each of these takes others' engines longer than the universe has lasted.
    @Test(arguments: ["(a+)+$", "(a|aa)*b$", "(a*)*b", "(.*)(.*)(.*)(.*)x"])
    func `no pattern explodes`(pattern: String) throws {
        let text = String(repeating: "a", count: 4000) + "!"
        #expect(try TextExpression(pattern).groups(in: text) == nil)
    }

    @Test func `a pattern is bounded`() {
        let nested = String(repeating: "(?:", count: 20) + "a" + String(repeating: "){9}", count: 20)
        #expect(throws: TextExpression.Fault.self) { try TextExpression(nested) }
        #expect(throws: TextExpression.Fault.self) {
            try TextExpression(String(repeating: "(?:", count: 100) + String(repeating: ")", count: 100))
        }
    }

    @Test func `matches are replaced, with groups`() throws {
        let expression = try TextExpression("(\\w)-(\\w)")
        #expect(expression.replacing(in: "a-b c-d", with: TextExpression.template("$2_$1")) == "b_a d_c")
    }
}

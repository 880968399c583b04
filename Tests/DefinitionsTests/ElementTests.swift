import Definitions
import Testing

@Suite struct ElementTests {
    private func problem(_ text: String) -> Problem? {
        do {
            _ = try Element.documents(in: text, file: "a.yaml")
            return nil
        } catch {
            return error
        }
    }

    @Test func `every node knows its place`() throws {
        let document = try #require(try Element.documents(in: "site:\n  name: 示范学院\n", file: "a.yaml").first)
        guard case .mapping(let site) = document.value, case .mapping(let name) = site[0].value.value else {
            Issue.record("no mapping")
            return
        }
        #expect([name[0].key.line, name[0].key.column] == [2, 3])
        #expect([name[0].value.line, name[0].value.column] == [2, 9])
        #expect(name[0].value.text == "示范学院")
    }

    @Test(arguments: [("a: [1, 2\nb: 3", 2), ("a: 1\n\tb: 2", 2), ("a: *nobody", 1), ("a: 1\na: 2", 1)])
    func `a mistake in the YAML is told with its line`(text: String, line: Int) throws {
        #expect(try #require(problem(text)).line == line)
    }

    @Test func `aliases that multiply end at a bound`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(problem(text)?.what == "nested too deeply or expanded too far by aliases")
    }

    @Test func `nesting ends at a bound`() {
        #expect(problem(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)) != nil)
    }

    @Test func `a quoted null is a text, a bare one is nothing`() throws {
        let document = try #require(try Element.documents(in: "[null, \"null\", ~, '']", file: "a.yaml").first)
        guard case .sequence(let elements) = document.value else { return }
        #expect(elements.map(\.text) == [nil, "null", nil, ""])
    }
}

import Foundation
import Testing

@Suite struct ReferenceTests {
    @Test func `the example of the reference has no mistakes`() throws {
        let page = try String(contentsOfFile: "\(Fixtures.repository)/Documentation/reference/probes.md", encoding: .utf8)
        let parts = page.components(separatedBy: "```")
        let example = try #require(parts.first { $0.hasPrefix("yaml\n") }).dropFirst(5)
        #expect(try Fixtures.library(of: String(example)).problems == [])
    }
}

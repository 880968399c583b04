import Definitions
import Testing

@Suite struct ReaderTests {
    private enum Colour: String, CaseIterable { case red, green }

    /// What is said of `text` when `read` has read it.
    private func problems(_ text: String, _ read: (Reader) -> Void) throws -> [String] {
        let problems = Problems()
        let reader = Reader(try #require(try Element.documents(in: text, file: "a.yaml").first), problems)
        read(reader)
        reader.finish()
        return problems.all.map(\.description)
    }

    @Test func `an unknown key is told with the nearest known one`() throws {
        let told = try problems("intervall: 60s") { _ = $0.duration("interval") }
        #expect(told == ["a.yaml:1:1: unknown key `intervall`: did you mean `interval`?"])
    }

    @Test func `every mistake of a mapping is told`() throws {
        let told = try problems("count: many\nsize: 5 apples\non: perhaps\ncolour: gren\nwait: 60") { reader in
            #expect(reader.integer("count", in: 1...9) == nil)
            #expect(reader.byteCount("size") == nil)
            #expect(reader.bool("on") == nil)
            #expect(reader.choice("colour", Colour.self) == nil)
            #expect(reader.duration("wait") == nil)
            #expect(reader.requiredString("name") == nil)
        }
        #expect(told.count == 6)
        #expect(told.contains("a.yaml:4:9: `colour` cannot be `gren`: did you mean `green`?"))
        #expect(told.contains("a.yaml:5:7: `wait` must be a time span: write a number with ms, s, m, h or d, e.g. 60s"))
    }

    @Test func `what is absent is nil without a word`() throws {
        let told = try problems("{}") { reader in
            #expect(reader.string("a") == nil)
            #expect(reader.integer("b", in: 0...1) == nil)
            #expect(reader.list("c").isEmpty)
            #expect(reader.mapping("d") == nil)
        }
        #expect(told.isEmpty)
    }

    @Test(arguments: [("500ms", 500), ("30s", 30_000), ("1h30m", 5_400_000), ("14d", 1_209_600_000)] as [(String, Int64)])
    func `a time span is numbers with units`(text: String, milliseconds: Int64) {
        #expect(Duration(text: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "60", "s", "1.5h", "-3s", "99999999999999999999d", "4000000000s", "3w", "1h 30m"])
    func `other time spans are refused`(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(arguments: [("16MiB", 16 << 20), ("512KiB", 512 << 10), ("1GiB", 1 << 30), ("4096", 4096)])
    func `a size is a number with a binary unit, or of bytes`(text: String, bytes: Int) throws {
        var read: Int?
        #expect(try problems("size: \(text)") { read = $0.byteCount("size") } == [])
        #expect(read == bytes)
    }

    @Test(arguments: ["size: 9223372036854775807GiB", "size: -1", "size: 1MB"]) func `a size that does not fit is refused`(
        text: String
    ) throws {
        var read: Int?
        #expect(try problems(text) { read = $0.byteCount("size") }.count == 1)
        #expect(read == nil)
    }

    @Test func `swapped letters are one mistake`() {
        #expect(suggestion("sevreity", among: ["severity", "service"]) == "did you mean `severity`?")
        #expect(suggestion("xyz", among: ["severity", "service"]) == "use one of service, severity")
    }
}

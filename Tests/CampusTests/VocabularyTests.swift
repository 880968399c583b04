import Campus
import Testing

@Suite struct VocabularyTests {
    @Test func `severities rise from info to critical`() {
        #expect(Severity.allCases.sorted() == [.info, .low, .medium, .high, .critical])
        #expect(Severity.allCases.map(\.number) == [10, 30, 50, 70, 90])
    }

    @Test func `outcomes become the verdicts of the standard`() {
        #expect(Outcome.allCases.map { $0.verdict.title.zh } == ["符合", "不符合", "部分符合", "未判定", "不适用"])
    }

    @Test func `a secret prints as a placeholder wherever it is printed`() {
        let secret = Secret("hunter2")
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
        #expect(String(describing: ["community": secret]).contains("hunter2") == false)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(secret.revealed == "hunter2")
    }

    @Test func `a sample tells a counter of 0 from one that was not answered`() {
        var sample = InterfaceSample(index: 1)
        #expect(sample[.inOctets] == nil)
        sample[.inOctets] = 0
        #expect(sample[.inOctets] == 0)
        sample[.inOctets] = nil
        #expect(sample[.inOctets] == nil)
        #expect(sample.present == 0)
    }

    @Test func `subjects are paths of ids`() throws {
        let address = try #require(IPAddress("10.1.60.7"))
        #expect(Subject.interface(DeviceID("3f2a"), 52) == "device/3f2a/interface/52")
        #expect(Subject.host(address) == "host/10.1.60.7")
    }
}

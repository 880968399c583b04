import Testing

@testable import Capture

struct FlowSamplerTests {
    private func hash(_ frame: [UInt8]) -> UInt64? { FlowSampler(linkType: 1, salt: 42).pairHash(frame.span) }

    private func keeps(_ frame: [UInt8], shift: UInt8) -> Bool {
        FlowSampler(linkType: 1, salt: 42).keeps(frame.span, shift: shift)
    }

    @Test func `both directions of a conversation have the same hash`() {
        let there = Frames.udp(from: 0x0a00_0001, to: 0x0a00_0002)
        let back = Frames.udp(from: 0x0a00_0002, to: 0x0a00_0001)
        #expect(hash(there) != nil)
        #expect(hash(there) == hash(back))
    }

    @Test func `tags do not change the hash`() {
        let plain = Frames.udp(from: 1, to: 2)
        let tagged = Frames.udp(from: 1, to: 2, tags: [0x88a8, 0x8100])
        #expect(hash(plain) == hash(tagged))
    }

    @Test func `frames without addresses are always kept`() {
        let arp = [UInt8](repeating: 0xff, count: 12) + [0x08, 0x06] + [UInt8](repeating: 0, count: 28)
        #expect(keeps(arp, shift: 12))
    }

    @Test(arguments: 1...4) func `about one flow in two to the shift is kept`(shift: Int) {
        let kept = (0..<4096).count { pair in
            keeps(Frames.udp(from: UInt32(pair), to: 0x0a00_0001), shift: UInt8(shift))
        }
        let expected = 4096 >> shift
        #expect((expected * 3 / 4...expected * 5 / 4).contains(kept))
    }

    @Test func `what a higher shift keeps, a lower one keeps too`() {
        for pair in 0..<2000 {
            let frame = Frames.udp(from: UInt32(pair), to: 7)
            if keeps(frame, shift: 3) { #expect(keeps(frame, shift: 2)) }
        }
    }

    @Test(arguments: [0, 1, 12, 14, 113, 276, 108, 999] as [Int32])
    func `no prefix of a frame traps`(linkType: Int32) {
        let sampler = FlowSampler(linkType: linkType, salt: 1)
        let whole = Frames.udp(from: 1, to: 2, tags: [0x8100, 0x8100, 0x8100])
        for count in 0...whole.count { _ = sampler.keeps(Array(whole.prefix(count)).span, shift: 2) }
    }
}

struct SamplingRateTests {
    @Test func `a half full ring halves the flows, once an interval`() {
        var rate = SamplingRate()
        rate.follow(fillPercent: 50, at: 0)
        rate.follow(fillPercent: 90, at: 1)
        #expect(rate.shift == 1)
        rate.follow(fillPercent: 90, at: SamplingRate.raiseInterval)
        #expect(rate.shift == 2)
    }

    @Test func `calm for some seconds takes one step back`() {
        var rate = SamplingRate()
        rate.follow(fillPercent: 60, at: 0)
        rate.follow(fillPercent: 5, at: 10)
        rate.follow(fillPercent: 5, at: 9 + SamplingRate.calmInterval)
        #expect(rate.shift == 1)
        rate.follow(fillPercent: 5, at: 10 + SamplingRate.calmInterval)
        #expect(rate.shift == 0)
    }

    @Test func `calm that is broken starts again`() {
        var rate = SamplingRate()
        rate.follow(fillPercent: 60, at: 0)
        rate.follow(fillPercent: 5, at: 10)
        rate.follow(fillPercent: 30, at: 20)
        rate.follow(fillPercent: 5, at: 30)
        rate.follow(fillPercent: 5, at: 20 + SamplingRate.calmInterval)
        #expect(rate.shift == 1)
    }

    @Test func `the shift has an end`() {
        var rate = SamplingRate()
        for step in 0..<100 { rate.follow(fillPercent: 100, at: Int64(step) * SamplingRate.raiseInterval) }
        #expect(rate.shift == SamplingRate.highestShift)
    }
}

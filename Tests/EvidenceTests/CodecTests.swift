import Campus
import Testing

@testable import Evidence

/// A small generator with a seed, so that a failure can be seen again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

struct CodecTests {
    private func series(_ kind: Int, _ count: Int, _ random: inout Seeded) -> [Int64] {
        (0..<count).map { slot in
            switch kind {
            case 0: 0
            case 1: 42
            case 2: Int64.random(in: -1000...1000, using: &random)
            case 3: slot % 3 == 0 ? Decimal.missing : Int64(slot)
            case 4:
                Bool.random(using: &random) ? Decimal.missing : Int64.random(in: Int64.min / 2...Int64.max / 2, using: &random)
            case 5: Decimal.missing
            default: Int64.random(in: 0...2, using: &random)
            }
        }
    }

    @Test(arguments: 0..<7, [0, 1, 2, 59, 60, 720]) func `a chunk comes back as it went in`(kind: Int, count: Int) throws {
        var random = Seeded(state: UInt64(kind * 1000 + count))
        var chunk = SampleChunk()
        chunk.times = (0..<count).map { midnight.milliseconds + Int64($0) * 60_000 + Int64.random(in: 0...50, using: &random) }
        for key in [UInt64(16), 17, 900_000, 1 << 40] {
            chunk.keys.append(key)
            chunk.decimals.append(kind == 4 ? Decimal.raw : 2)
            chunk.values += series(kind, count, &random)
        }
        let back = try SampleChunk(chunk.encoded())
        #expect(back.times == chunk.times)
        #expect(back.keys == chunk.keys)
        #expect(back.decimals == chunk.decimals)
        #expect(back.values == chunk.values)
    }

    @Test func `only the series that are wanted are unpacked`() throws {
        let chunk = SampleChunk(times: [1, 2], keys: [16, 17, 32], decimals: [0, 0, 0], values: [1, 2, 3, 4, 5, 6])
        let back = try SampleChunk(chunk.encoded()) { $0 == 17 }
        #expect(back.keys == [17])
        #expect(back.values == [3, 4])
    }

    @Test func `an hour of zeros costs six bytes a series`() {
        var chunk = SampleChunk(times: (0..<60).map { midnight.milliseconds + $0 * 60_000 })
        let empty = chunk.encoded().count
        chunk.keys = (0..<100).map { UInt64($0) }
        chunk.decimals = Array(repeating: 4, count: 100)
        chunk.values = Array(repeating: 0, count: 6000)
        #expect(chunk.encoded().count - empty <= 600)
    }

    @Test func `rates keep their places and what is not known stays not known`() throws {
        var rate = InterfaceRate(index: 70_000)
        rate.oper = .down
        rate.speed = 1_544_000
        rate.gap = .reboot
        rate[.inOctets] = 123_456_789.4
        rate[.inUcastPackets] = 12.345
        rate[.inErrors] = 1.0 / 60
        rate[.outErrors] = 0
        rate[.outDiscards] = .nan
        let back = try PackedRates.decode(PackedRates.encode([PackedRate(rate)]))
        let only = try #require(back.first)
        #expect(only.index == 70_000)
        #expect(only.speed == 1_544_000)
        #expect(only.gap == RateGap.reboot.rawValue)
        #expect(only.value(.inBits) == 123_456_789)
        #expect(only.value(.inUnicast) == 12.35)
        #expect(only.value(.inErrors) == 0.0167)
        #expect(only.value(.outErrors) == 0)
        #expect(only.value(.outBits) == nil)
        #expect(only.value(.outDiscards) == nil)
        #expect(only.value(.oper) == 0)
    }

    @Test func `counters come back as they went in`() throws {
        var random = Seeded(state: 7)
        let samples = (0..<50).map { _ in
            var sample = InterfaceSample(index: UInt32.random(in: 0...UInt32.max, using: &random))
            sample.wide = 0x1fff
            sample.speed = UInt64.random(in: 0...UInt64.max, using: &random)
            sample.discontinuity = UInt32.random(in: 0...UInt32.max, using: &random)
            for counter in InterfaceCounter.allCases where Bool.random(using: &random) { sample[counter] = random.next() }
            return sample
        }
        let back = try PackedCounters.decode(PackedCounters.encode(samples))
        #expect(back.count == samples.count)
        for (one, other) in zip(back, samples) {
            #expect(one.index == other.index && one.present == other.present && one.speed == other.speed)
            for counter in InterfaceCounter.allCases { #expect(one[counter] == other[counter]) }
        }
    }

    @Test func `readings keep numbers, states and words`() throws {
        var state = PackedReading(number: 3, value: nil)
        state.raw = -2
        state.text = "on battery 电池"
        state.state = 2
        state.since = midnight.milliseconds
        var storage = PackedReading(number: 4, value: 99.75)
        storage.used = UInt64.max
        storage.total = 1
        let readings = [PackedReading(number: 1, value: 0.1 + 0.2), PackedReading(number: 2, value: -40), state, storage]
        #expect(try PackedReadings.decode(PackedReadings.encode(readings)) == readings)
        let samples = try PackedReadings.decode(PackedReadings.encodeSamples(readings))
        #expect(samples.map(\.value) == [0.1 + 0.2, -40, -2, 99.75])
    }

    @Test(arguments: [12, 1]) func `a roll-up comes back as it went in`(buckets: Int) throws {
        var random = Seeded(state: 11)
        var rollUp = RollUp(start: midnight.milliseconds, step: 300_000, expected: Array(repeating: 5, count: buckets))
        for key in 0..<40 {
            rollUp.keys.append(UInt64(key))
            rollUp.decimals.append(key % 5 == 0 ? Decimal.raw : key % 4)
            for _ in 0..<buckets {
                let low = Int64.random(in: 0...1_000_000, using: &random)
                let bucket = Bucket(
                    count: Int.random(in: 0...6, using: &random), min: low, average: low + 3, max: low + 9, p95: low + 8,
                    last: low + 1)
                rollUp.buckets.append(key % 3 == 0 ? Bucket(flat: 7, count: 5) : bucket.count == 0 ? Bucket() : bucket)
            }
        }
        let back = try RollUp(#require(rollUp.encoded()))
        #expect(back.start == rollUp.start && back.step == rollUp.step && back.expected == rollUp.expected)
        #expect(back.keys == rollUp.keys && back.decimals == rollUp.decimals)
        #expect(back.buckets == rollUp.buckets)
    }

    @Test(arguments: 0..<20) func `bytes of anybody's making never trap`(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let whole = [hostileBase(0), hostileBase(1), hostileBase(2), hostileBase(3), hostileBase(4)]
        for _ in 0..<400 {
            var bytes = whole[Int.random(in: 0..<whole.count, using: &random)]
            if Bool.random(using: &random) { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // What comes out does not matter, that something does does.
            _ = try? PackedRates.decode(bytes)
            _ = try? PackedCounters.decode(bytes)
            _ = try? PackedReadings.decode(bytes)
            _ = try? SampleChunk(bytes)
            _ = try? RollUp(bytes)
            var builder = HourBuilder(table: .interfaces)
            builder.add(t: 1, bytes)
            _ = builder.chunk()
        }
    }

    private func hostileBase(_ kind: Int) -> [UInt8] {
        let chunk = SampleChunk(times: Array(0..<60), keys: [16, 17], decimals: [0, 15], values: Array(0..<120))
        return switch kind {
        case 0: PackedRates.encode(poll(at: midnight, interfaces: 9, load: 5).rates.map { PackedRate($0) })
        case 1: PackedCounters.encode(poll(at: midnight, interfaces: 9).samples)
        case 2: PackedReadings.encode([PackedReading(number: 1, value: 1.5), PackedReading(number: 2, value: .pi)])
        case 3: chunk.encoded()
        default: RollUp(chunk, start: 0, step: 10, expected: [10, 10, 10]).encoded() ?? []
        }
    }
}

import Testing

@testable import Capture

/// Bytes that say who they are: a frame of `length` bytes, each the frame's number.
private func frame(_ number: Int, length: Int) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: length) }

private func push(_ ring: PacketRing, _ number: Int, length: Int) -> Bool {
    ring.push(frame(number, length: length).span, FrameMark(wireLength: length + 4, at: Int64(number), samplingShift: 3))
}

struct PacketRingTests {
    @Test(arguments: [1, 2, 32, 33, 64, 100, 1 << 12]) func `the capacity is the next power of two`(bytes: Int) throws {
        let ring = try PacketRing(bytes: bytes, startingAt: 0)
        #expect(ring.capacity >= bytes)
        #expect(ring.capacity.nonzeroBitCount == 1)
        #expect(ring.capacity == 32 || ring.capacity / 2 < bytes)
    }

    /// The place at which the indices start runs through the storage, through zero and through the largest integer.
    @Test(
        arguments: [32, 64, 256],
        [0, 16, 48, 240, -16, -64, Int.max - 15, Int.max - 63, Int.min]
    )
    func `frames of every length come out as they went in, wherever the indices stand`(capacity: Int, start: Int) throws {
        for length in 0...(capacity / 2 - RecordHeader.byteCount) {
            let ring = try PacketRing(bytes: capacity, startingAt: start)
            for number in 0..<20 {
                #expect(push(ring, number, length: length))
                let count = ring.drain(limit: 8) { bytes, mark in
                    #expect(bytes.count == length)
                    for index in bytes.indices { #expect(bytes[index] == UInt8(number)) }
                    #expect(mark == FrameMark(wireLength: length + 4, at: Int64(number), samplingShift: 3))
                }
                #expect(count == 1)
            }
            #expect(ring.isEmpty)
            #expect(ring.droppedCount == 0)
        }
    }

    @Test(arguments: [64, 128, 1024], 0..<8)
    func `at every fill the order holds and a full ring drops and counts`(capacity: Int, startStep: Int) throws {
        let ring = try PacketRing(bytes: capacity, startingAt: startStep * 16)
        var pushed = 0
        while push(ring, pushed, length: 7) { pushed += 1 }
        #expect(pushed > 0)
        #expect(ring.droppedCount == 1)
        for fill in 0...pushed {
            var seen: [Int64] = []
            _ = ring.drain(limit: Int.max) { _, mark in seen.append(mark.at) }
            #expect(seen == seen.sorted())
            #expect(ring.isEmpty)
            for number in 0..<fill { #expect(push(ring, number, length: 7) || number >= pushed - 1) }
        }
    }

    @Test func `a frame longer than half the ring is dropped even when the ring is empty`() throws {
        let ring = try PacketRing(bytes: 64, startingAt: 0)
        #expect(!push(ring, 1, length: 17))
        #expect(ring.droppedCount == 1)
        #expect(push(ring, 1, length: 16))
    }

    @Test func `a ring made for a frame length takes frames of that length`() throws {
        let ring = try PacketRing(bytes: 1, largestFrame: 512)
        #expect(push(ring, 1, length: 512))
    }

    @Test func `draining stops at its limit`() throws {
        let ring = try PacketRing(bytes: 1024, startingAt: 0)
        for number in 0..<10 { _ = push(ring, number, length: 1) }
        #expect(ring.drain(limit: 4) { _, _ in } == 4)
        #expect(ring.drain(limit: 100) { _, _ in } == 6)
    }

    @Test(arguments: [64, 256, 1 << 14])
    func `two threads lose nothing but what is counted`(capacity: Int) async throws {
        let total = 60_000
        let ring = try PacketRing(bytes: capacity, startingAt: 0)
        let done = Tally()
        let received = Tally()
        let damaged = Tally()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await OwnThread.run(named: "producer") {
                    for number in 0..<total {
                        _ = push(ring, number, length: number % 17)
                        if number % 8 == 0 { ring.wakeConsumer() }
                    }
                    done.add()
                    ring.wakeConsumer()
                }
            }
            group.addTask {
                try await OwnThread.run(named: "consumer") {
                    var last: Int64 = -1
                    while true {
                        let isLastRound = done.value > 0
                        let count = ring.drain(limit: 64) { bytes, mark in
                            let isWhole = bytes.indices.allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: mark.at) }
                            if mark.at <= last || bytes.count != Int(mark.at % 17) || !isWhole { damaged.add() }
                            last = mark.at
                        }
                        received.add(count)
                        if count == 0, isLastRound { return }
                        if count == 0 { ring.wait(milliseconds: 50) }
                    }
                }
            }
        }
        #expect(damaged.value == 0)
        #expect(received.value + Int(ring.droppedCount) == total)
    }
}

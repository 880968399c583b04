private import Synchronization

/// A lock-free ring of frames between one producer thread and one consumer thread.
///
/// The producer alone writes `tail`, `headSeen` and `dropped`; the consumer alone writes `head`. Storing `tail` (releasing)
/// publishes the records before it, storing `head` (releasing) gives their bytes back. Both count bytes and never go back;
/// their low bits are the place in the storage. Each side keeps to its own cache lines. A record is a 16-byte header and
/// the bytes kept, rounded up to 16, always in one piece: what is left at the storage's end is skipped with a filler.
/// A full ring drops and counts.
@safe package final class PacketRing: Sendable {
    /// Bytes; a power of two.
    package let capacity: Int
    private let storage: RingStorage
    private let consumerSleeps = Atomic<Bool>(false)
    private let bell: Doorbell
    private let producerLine = CacheLine()
    private let tail: Atomic<Int>
    private let headSeen: Atomic<Int>
    private let dropped = Atomic<UInt64>(0)
    private let consumerLine = CacheLine()
    private let head: Atomic<Int>
    private let lastLine = CacheLine()

    /// Room for at least `bytes`, and for two frames of `largestFrame` bytes.
    package convenience init(bytes: Int, largestFrame: Int) throws(CaptureError) {
        try self.init(bytes: max(bytes, 2 * RecordHeader.recordBytes(of: largestFrame)), startingAt: 0)
    }

    /// `position` is where both indices start: a multiple of 16, for tests of wrapping.
    init(bytes: Int, startingAt position: Int) throws(CaptureError) {
        var capacity = 2 * RecordHeader.byteCount
        while capacity < min(bytes, 1 << 32) { capacity *= 2 }
        self.capacity = capacity
        storage = RingStorage(byteCount: capacity)
        bell = try Doorbell()
        tail = Atomic(position)
        headSeen = Atomic(position)
        head = Atomic(position)
    }

    /// Bytes in use, fillers included.
    package var usedBytes: Int { tail.load(ordering: .acquiring) &- head.load(ordering: .acquiring) }

    /// Frames for which there was no room.
    package var droppedCount: UInt64 { dropped.load(ordering: .relaxed) }

    package var isEmpty: Bool { usedBytes == 0 }

    /// Producer: copies the frame in, or counts it as dropped. A record longer than half the ring never fits.
    package func push(_ frame: Span<UInt8>, _ mark: FrameMark) -> Bool {
        let position = tail.load(ordering: .relaxed)
        let record = RecordHeader.recordBytes(of: frame.count)
        let offset = position & (capacity &- 1)
        let untilEnd = capacity &- offset
        let filler = record > untilEnd ? untilEnd : 0
        guard record <= capacity / 2, frame.count < RecordHeader.fillerLength, hasRoom(for: filler &+ record, at: position) else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        if filler > 0 { storage.store(.filler, at: offset) }
        let place = filler > 0 ? 0 : offset
        storage.store(RecordHeader(frame.count, mark), at: place)
        storage.copy(frame, to: place &+ RecordHeader.byteCount)
        tail.store(position &+ filler &+ record, ordering: .releasing)
        return true
    }

    /// Producer: wakes the consumer if it sleeps. Called once after some pushes.
    package func wakeConsumer() {
        // Orders the pushes before the look at the flag; the exchange in `wait` is the other half.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        if consumerSleeps.load(ordering: .relaxed) { bell.ring() }
    }

    /// Consumer: lends at most `limit` frames, oldest first, and gives their room back. Returns how many.
    package func drain(limit: Int, _ body: (Span<UInt8>, FrameMark) -> Void) -> Int {
        var position = head.load(ordering: .relaxed)
        let end = tail.load(ordering: .acquiring)
        var count = 0
        while position != end, count < limit {
            let offset = position & (capacity &- 1)
            let header = storage.header(at: offset)
            if header.isFiller {
                position = position &+ (capacity &- offset)
                continue
            }
            storage.lend(offset &+ RecordHeader.byteCount, count: header.length) { body($0, header.mark) }
            position = position &+ RecordHeader.recordBytes(of: header.length)
            count &+= 1
        }
        head.store(position, ordering: .releasing)
        return count
    }

    /// Consumer: sleeps until there is a frame, somebody rings, or `milliseconds` have passed.
    package func wait(milliseconds: Int32) {
        _ = consumerSleeps.exchange(true, ordering: .sequentiallyConsistent)
        if isEmpty { bell.wait(milliseconds: milliseconds) }
        consumerSleeps.store(false, ordering: .relaxed)
    }

    /// Looks at the consumer's index only when the last look does not answer.
    private func hasRoom(for bytes: Int, at position: Int) -> Bool {
        if position &+ bytes &- headSeen.load(ordering: .relaxed) <= capacity { return true }
        let now = head.load(ordering: .acquiring)
        headSeen.store(now, ordering: .relaxed)
        return position &+ bytes &- now <= capacity
    }
}

/// What travels with a frame.
package struct FrameMark: Hashable, Sendable {
    /// Bytes on the wire; saturates at 2³²−1.
    package var wireLength: Int
    /// Microseconds since 1970.
    package var at: Int64
    /// The frame stands for 2^shift frames: its flow was kept at a rate of 1/2^shift.
    package var samplingShift: UInt8

    package init(wireLength: Int, at: Int64, samplingShift: UInt8 = 0) {
        self.wireLength = wireLength
        self.at = at
        self.samplingShift = samplingShift
    }
}

/// Keeps neighbours in a class off each other's cache lines (two of 64 bytes, for the prefetcher takes pairs).
private struct CacheLine: Sendable {
    private let bytes = InlineArray<16, UInt64>(repeating: 0)
}

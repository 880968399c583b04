/// The capture thread's side of the ring: samples by flow, pushes, and counts what became of each frame.
struct FrameIntake: ~Copyable {
    private let ring: PacketRing
    private var sampler: FlowSampler
    private var rate = SamplingRate()
    /// Frames that came out of the kernel.
    private(set) var read: UInt64 = 0
    private(set) var sampledOut: UInt64 = 0
    private(set) var queued: UInt64 = 0

    init(ring: PacketRing, sampler: FlowSampler) {
        self.ring = ring
        self.sampler = sampler
    }

    var samplingShift: UInt8 { rate.shift }

    mutating func take(_ frame: Span<UInt8>, wireLength: Int, at microseconds: Int64) {
        read &+= 1
        guard sampler.keeps(frame, shift: rate.shift) else {
            sampledOut &+= 1
            return
        }
        if ring.push(frame, FrameMark(wireLength: wireLength, at: microseconds, samplingShift: rate.shift)) { queued &+= 1 }
    }

    /// Called after each batch, with microseconds of a clock that does not step back.
    mutating func settle(at now: Int64) {
        ring.wakeConsumer()
        rate.follow(fillPercent: ring.usedBytes / (ring.capacity / 100 &+ 1), at: now)
    }

    /// A capture that was opened anew may start its frames differently.
    mutating func replace(sampler: FlowSampler) { self.sampler = sampler }
}

private import Campus
private import Synchronization

/// One live capture: a capture thread fills the ring, an analyser thread empties it, anybody may ask for the report.
///
/// An interface that vanishes is waited for; totals go on from where they were.
package final class LiveCapture: Sendable {
    package let settings: CaptureSettings
    private let accepts: @Sendable (Int32) -> Bool
    private let ring: PacketRing
    private let bell: Doorbell
    private let stopping = Atomic<Bool>(false)
    private let isCapturing = Atomic<Bool>(false)
    private let analysed = Atomic<UInt64>(0)
    private let latest: Mutex<CaptureReport>

    /// `accepts` says of a link type, as libpcap numbers it, whether the analyser can read its frames.
    package init(settings: CaptureSettings, accepts: @escaping @Sendable (Int32) -> Bool) throws(CaptureError) {
        self.settings = settings
        self.accepts = accepts
        ring = try PacketRing(bytes: settings.ringBytes, largestFrame: settings.snapLength)
        bell = try Doorbell()
        let accounting = CaptureAccounting(interface: settings.interface, at: WallClock.now)
        latest = Mutex(CaptureReport(accounting: accounting, state: .starting, linkType: nil))
    }

    /// The last published report. Its counters were taken together, so that the accounting's identities hold; a few times a
    /// second while running.
    package var report: CaptureReport { latest.withLock { $0 } }

    /// Lets both threads come to their end.
    package func stop() {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        ring.wakeConsumer()
    }

    /// Whether no frame will come any more; what is in the ring by then is the last.
    package var isOver: Bool { isStopping && !isCapturing.load(ordering: .acquiring) }

    private var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// The capture thread's work. Returns after `stop()`, or when an error cannot heal.
    package func capture() {
        var intake = FrameIntake(ring: ring, sampler: FlowSampler(linkType: -1, salt: 0))
        var earlier = CaptureStatistics()
        var backOff = BackOff()
        var error: CaptureError?
        isCapturing.store(true, ordering: .releasing)
        defer { leave() }
        repeat {
            do {
                var handle = try open()
                intake.replace(sampler: FlowSampler(linkType: handle.linkType, salt: .random(in: .min ... .max)))
                backOff.reset()
                error = follow(&handle, &intake, earlier)
                earlier = earlier + handle.statistics()
            } catch let failure {
                error = failure
            }
            guard let failure = error else { break }
            publish(intake, earlier, .failed(failure))
            guard failure.mayHeal else { return }
            bell.wait(milliseconds: backOff.next())
        } while !isStopping
        publish(intake, earlier, .stopped)
    }

    private func leave() {
        isCapturing.store(false, ordering: .releasing)
        ring.wakeConsumer()
    }

    /// The analyser thread's work, once: lends at most `limit` frames and counts them as analysed. Returns how many.
    package func analyse(limit: Int, _ body: (Span<UInt8>, FrameMark) -> Void) -> Int {
        let count = ring.drain(limit: limit, body)
        analysed.wrappingAdd(UInt64(count), ordering: .releasing)
        return count
    }

    /// The analyser thread: sleeps until there are frames, the capture stops, or `milliseconds` have passed.
    package func waitForFrames(milliseconds: Int32) {
        if !isOver { ring.wait(milliseconds: milliseconds) }
    }

    /// Once both threads are over: the report with the analyser's last frames counted.
    package func closeAccounts() -> CaptureReport {
        latest.withLock { report in
            report.accounting.analysed = analysed.load(ordering: .acquiring)
            report.accounting.at = WallClock.now
            return report
        }
    }

    private func open() throws(CaptureError) -> CaptureHandle {
        let handle = try CaptureHandle.open(
            interface: settings.interface, snapLength: settings.snapLength, filter: settings.filter,
            bufferBytes: settings.bufferBytes)
        let known = report.linkType
        guard accepts(handle.linkType), known == nil || known == handle.linkType else {
            throw .unsupportedLinkType(
                source: "interface \(settings.interface)", name: handle.linkTypeName, number: handle.linkType)
        }
        latest.withLock { $0.linkType = handle.linkType }
        return handle
    }

    /// Moves frames from the kernel to the ring until stopped (nil) or failed.
    private func follow(
        _ handle: inout CaptureHandle, _ intake: inout FrameIntake, _ earlier: CaptureStatistics
    ) -> CaptureError? {
        var publishedAt = Int64.min / 2
        while !isStopping {
            let result = handle.drain(limit: LiveCapture.batch) { frame, wireLength, at in
                intake.take(frame, wireLength: wireLength, at: at)
            }
            let now = SteadyClock.microseconds
            intake.settle(at: now)
            if now &- publishedAt >= LiveCapture.publishInterval {
                publish(intake, earlier + handle.statistics(), .running)
                publishedAt = now
            }
            if case .failed(let error) = result.end { return error }
            if result.count == 0 { handle.wait(orBell: bell, milliseconds: LiveCapture.idleMilliseconds) }
        }
        return nil
    }

    /// Called by the capture thread alone. `statistics` is taken after the frames were read, hence received − dropped ≥ read;
    /// `analysed` is looked at after they were queued, by the thread that queued them, hence queued ≥ analysed.
    private func publish(_ intake: borrowing FrameIntake, _ statistics: CaptureStatistics, _ state: CaptureReport.State) {
        var accounting = CaptureAccounting(interface: settings.interface, at: WallClock.now)
        accounting.received = statistics.received
        accounting.kernelDropped = statistics.kernelDropped
        accounting.interfaceDropped = statistics.interfaceDropped
        accounting.read = intake.read
        accounting.ringDropped = ring.droppedCount
        accounting.sampledOut = intake.sampledOut
        accounting.queued = intake.queued
        accounting.samplingShift = intake.samplingShift
        accounting.analysed = analysed.load(ordering: .acquiring)
        latest.withLock { report in
            report.accounting = accounting
            report.state = state
        }
    }

    /// Frames a drain; between two drains the rate is adapted and the consumer woken.
    private static let batch = 1024
    /// Microseconds between two published reports.
    private static let publishInterval: Int64 = 250_000
    private static let idleMilliseconds: Int32 = 100
}

import Campus
import Capture
import Traffic
import Wire

/// The analyser thread's work: empties the ring, and a few times a second posts what the frames amount to.
struct AnalysisDesk {
    private let capture: LiveCapture
    private let settings: SamplingSettings
    private let mailbox: Mailbox
    private var watch: CaptureWatch
    private var tickedAt: Int64 = .min / 2
    /// The time of the newest frame read, in microseconds since 1970.
    private var readUntil: Int64 = 0
    /// Frames between two looks at the clock.
    private static let batch = 512
    /// Microseconds between two ticks: observations leave within this and the grace of their detector.
    private static let tickInterval: Int64 = 100_000
    private static let idleMilliseconds: Int32 = 100

    init(capture: LiveCapture, settings: SamplingSettings, mailbox: Mailbox) {
        self.capture = capture
        self.settings = settings
        self.mailbox = mailbox
        watch = CaptureWatch(interval: settings.accountingInterval)
    }

    /// Returns when the capture has ended and the ring is empty.
    mutating func run() {
        defer { mailbox.close() }
        guard let linkType = waitForLinkType() else { return }
        let detectors = Detectors(settings: settings.detectors, interface: settings.interface)
        let summary = MinuteSummary(interface: settings.interface, start: WallClock.now, settings: settings.summary)
        var analyser = Analyser(
            settings: settings.analyser, linkType: LinkType(dataLink: linkType),
            sink: LiveSink(detectors: detectors, summary: summary))
        work(&analyser)
        finish(&analyser)
    }

    /// The first successful start tells how frames begin; nil when it is over before that.
    private mutating func waitForLinkType() -> Int32? {
        while true {
            let report = capture.report
            watch.look(at: report, post: mailbox.post)
            if let linkType = report.linkType { return linkType }
            if capture.isOver { return nil }
            capture.waitForFrames(milliseconds: AnalysisDesk.idleMilliseconds)
        }
    }

    private mutating func work(_ analyser: inout Analyser<LiveSink>) {
        while true {
            let isOver = capture.isOver
            let count = capture.analyse(limit: AnalysisDesk.batch) { frame, mark in
                analyser.sink.summary.weight = 1 << UInt64(mark.samplingShift)
                analyser.consume(frame, wireLength: mark.wireLength, at: mark.at)
                readUntil = mark.at
            }
            if count == 0 { readUntil = WallClock.microseconds }
            let now = SteadyClock.microseconds
            if now &- tickedAt >= AnalysisDesk.tickInterval {
                tickedAt = now
                tick(&analyser, at: readUntil)
            }
            if count > 0 { continue }
            if isOver { return }
            capture.waitForFrames(milliseconds: AnalysisDesk.idleMilliseconds)
        }
    }

    /// `now` is the time of what was read, not the clock's: an answer that still waits in the ring is not missing.
    private mutating func tick(_ analyser: inout Analyser<LiveSink>, at now: Int64) {
        analyser.advance(to: now)
        analyser.sink.detectors.advance(to: now)
        postObservations(&analyser)
        watch.look(at: capture.report, post: mailbox.post)
        guard let minute = analyser.sink.summary.close(at: Timestamp(milliseconds: now / 1000)) else { return }
        // A minute in which nothing was captured is a gap, not a silence.
        if watch.hasRun(since: minute.start) { mailbox.post(.minute(minute)) }
    }

    private func finish(_ analyser: inout Analyser<LiveSink>) {
        analyser.finish()
        postObservations(&analyser)
        let minute = analyser.sink.summary.finish(next: WallClock.now)
        if watch.hasRun(since: minute.start) { mailbox.post(.minute(minute)) }
        mailbox.post(.accounting(capture.closeAccounts()))
    }

    private func postObservations(_ analyser: inout Analyser<LiveSink>) {
        let observations = analyser.sink.detectors.drain()
        if !observations.isEmpty { mailbox.post(.observations(observations)) }
    }
}

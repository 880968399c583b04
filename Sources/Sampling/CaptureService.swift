package import Campus
package import Capture
private import Evidence
package import Logging
private import ServiceLifecycle
private import Traffic
private import Wire

/// Samples one interface for as long as the agent runs: a capture thread, an analyser thread and a writer thread, each of its own.
package final class CaptureService: Service {
    private let settings: SamplingSettings
    private let capture: LiveCapture
    private let archive: any TrafficArchive
    private let logger: Logger
    private let onObservations: @Sendable ([Observation]) -> Void

    /// `onObservations` is called on the writer's thread, right after they were committed.
    package init(
        settings: SamplingSettings, store: any TrafficArchive, logger: Logger,
        onObservations: @escaping @Sendable ([Observation]) -> Void
    ) throws(CaptureError) {
        var logger = logger
        logger[metadataKey: "interface"] = "\(settings.interface)"
        self.settings = settings
        self.logger = logger
        self.onObservations = onObservations
        archive = store
        capture = try LiveCapture(settings: settings.capture) { LinkType(dataLink: $0).isReadable }
    }

    /// How the capture stands: its state and accounting, at most a quarter of a second old.
    package var report: CaptureReport { capture.report }

    /// Returns, all stored, when the task is cancelled or the group shuts down.
    package func run() async throws {
        let mailbox = try Mailbox()
        let startedAt = WallClock.now
        tellGap(until: startedAt)
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.runCapture() }
                group.addTask { await self.runAnalysis(mailbox) }
                group.addTask { await self.runArchive(mailbox, startedAt: startedAt) }
            }
        } onCancelOrGracefulShutdown: {
            self.capture.stop()
        }
    }

    private func runCapture() async {
        do throws(CaptureError) {
            try await OwnThread.run(named: "cap \(settings.interface)") { self.capture.capture() }
        } catch { giveUp(error) }
    }

    private func runAnalysis(_ mailbox: Mailbox) async {
        do throws(CaptureError) {
            try await OwnThread.run(named: "ana \(settings.interface)") {
                var desk = AnalysisDesk(capture: self.capture, settings: self.settings, mailbox: mailbox)
                desk.run()
            }
        } catch {
            mailbox.close()
            giveUp(error)
        }
    }

    private func runArchive(_ mailbox: Mailbox, startedAt: Timestamp) async {
        do throws(CaptureError) {
            try await OwnThread.run(named: "arc \(settings.interface)") {
                var desk = ArchiveDesk(
                    mailbox: mailbox, archive: self.archive, startedAt: startedAt, logger: self.logger,
                    onObservations: self.onObservations)
                desk.run()
            }
        } catch { giveUp(error) }
    }

    private func giveUp(_ error: CaptureError) {
        logger.error("capture given up", metadata: ["error": "\(error)"])
        capture.stop()
    }

    /// The time between the last minute stored and this start was not watched.
    private func tellGap(until now: Timestamp) {
        do throws(EvidenceError) {
            guard let last = try archive.lastTrafficMinute(interface: settings.interface) else { return }
            let end = last + .seconds(60)
            if end < now { try archive.recordGap(kind: .traffic, start: end, end: now, reason: "not captured") }
        } catch {
            logger.error("gap not stored", metadata: ["error": "\(error)"])
        }
    }
}

import Campus
import Capture
import Foundation
import Logging
import ServiceLifecycle

/// Tells systemd that the agent is up and alive, and a person at the terminal, once a minute, what it sees.
struct Herald: Service {
    let notifier: SystemdNotifier?
    let vitals: Vitals
    let lastResort: LastResort
    let logger: Logger
    let say: @Sendable (String) -> Void

    func run() async throws {
        notifier?.tell("READY=1\nSTATUS=watching")
        logger.notice("agent runs")
        try await withGracefulShutdownHandler {
            try await cancelWhenGracefulShutdown { try await heartbeats() }
        } onGracefulShutdown: {
            lastResort.arm()
            notifier?.tell("STOPPING=1\nSTATUS=storing what is left")
        }
    }

    private func heartbeats() async throws {
        // Half of what systemd allows, as sd_watchdog_enabled(3) advises.
        let sign = (notifier?.watchdogInterval).map { $0 / 2 } ?? .seconds(10)
        let clock = ContinuousClock()
        var nextSign = clock.now
        // The first line soon, for whoever waits at the terminal; then one a minute.
        var nextLine = clock.now + .seconds(10)
        while !Task.isCancelled {
            if clock.now >= nextSign {
                nextSign = clock.now + sign
                // A watchdog that is fed by an agent that stands still would be a lie.
                if vitals.isAlive {
                    notifier?.tell("WATCHDOG=1")
                } else {
                    logger.error("agent stands still: the watchdog is not fed")
                }
            }
            if clock.now >= nextLine {
                nextLine = clock.now + .seconds(60)
                let summary = vitals.summary()
                notifier?.tell("STATUS=\(summary)")
                say(summary)
            }
            do {
                try await clock.sleep(until: min(nextSign, nextLine))
            } catch { return }
        }
    }
}

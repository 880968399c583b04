package import Campus
package import Evidence
package import Logging
package import Probes
package import SNMP
import ServiceLifecycle
import Synchronization

/// Takes what the trap port heard: names it, finds its device, keeps it, and has the device looked at when a link changed.
package final class TrapReceiver: Service {
    /// Kept together, at most so many and so long after the first came.
    private static let batch = 256
    private static let patience = Duration.milliseconds(500)

    private let listener: NotificationListener
    private let store: EvidenceStore
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let onTraps: @Sendable ([TrapRecord]) async -> Void
    private let interpreter: Mutex<TrapInterpreter>
    private let devicesReadAt = Mutex<ContinuousClock.Instant?>(nil)
    private let lost = Mutex(0)

    /// `onTraps` is called with each batch that was kept; its link changes are worth a look at their devices.
    package init(
        listener: NotificationListener, traps: [TrapDefinition], store: EvidenceStore, logger: Logger,
        now: @escaping @Sendable () -> Timestamp, onTraps: @escaping @Sendable ([TrapRecord]) async -> Void
    ) {
        self.listener = listener
        interpreter = Mutex(TrapInterpreter(traps: traps))
        self.store = store
        self.logger = logger
        self.now = now
        self.onTraps = onTraps
    }

    /// Goes on with other definitions and credentials; the devices are read anew.
    package func change(to traps: [TrapDefinition], credentials: [SNMPCredential]) {
        listener.change(to: credentials)
        interpreter.withLock { $0 = TrapInterpreter(traps: traps) }
        devicesReadAt.withLock { $0 = nil }
    }

    /// What the port heard since the start.
    package var counted: NotificationCounts { listener.counted }

    /// Those that the store refused.
    package var lostCount: Int { lost.withLock { $0 } }

    package func run() async throws {
        logger.info("listening for traps", metadata: ["port": "\(listener.port)"])
        await withGracefulShutdownHandler {
            await receive()
        } onGracefulShutdown: { [listener] in
            listener.stop()
        }
        listener.stop()
    }

    private func receive() async {
        var waiting: [TrapRecord] = []
        let clock = ContinuousClock()
        var since = clock.now
        var reported = NotificationCounts()
        for await notification in listener.notifications {
            let at = now()
            readDevices(isUrgent: !interpreter.withLock { $0.devices.keys.contains(notification.source) })
            let record = interpreter.withLock { $0.record(of: notification, at: at) }
            if waiting.isEmpty { since = clock.now }
            waiting.append(record)
            let isUrgent = record.severity >= .medium || record.changesLink
            if isUrgent || waiting.count >= Self.batch || clock.now - since >= Self.patience {
                await keep(&waiting)
                tell(&reported)
            }
            if Task.isCancelled { break }
        }
        await keep(&waiting)
    }

    /// Every address of every device: again each half minute, and, for a sender that is none of them, after some seconds.
    private func readDevices(isUrgent: Bool) {
        let now = ContinuousClock.now
        let age = devicesReadAt.withLock { $0.map { now - $0 } }
        guard age.map({ $0 > (isUrgent ? .seconds(3) : .seconds(30)) }) ?? true else { return }
        devicesReadAt.withLock { $0 = now }
        do {
            let table = try store.select("SELECT device, address FROM address UNION ALL SELECT id, address FROM device")
            var devices: [IPAddress: DeviceID] = [:]
            for row in table.rows {
                guard row.count == 2, let id = row[0].string, let address = row[1].string.flatMap({ IPAddress($0) }) else {
                    continue
                }
                devices[address] = DeviceID(id)
            }
            interpreter.withLock { $0.devices = devices }
        } catch {
            logger.warning("traps go without their devices", metadata: ["error": "\(error)"])
        }
    }

    private func keep(_ waiting: inout [TrapRecord]) async {
        guard !waiting.isEmpty else { return }
        do {
            try store.record(traps: waiting)
        } catch {
            lost.withLock { $0 += waiting.count }
            logger.error("traps are lost", metadata: ["count": "\(waiting.count)", "error": "\(error)"])
        }
        await onTraps(waiting)
        waiting = []
    }

    /// A flood, or a sender that is not believed, is worth a line; not one for each datagram.
    private func tell(_ reported: inout NotificationCounts) {
        let counted = listener.counted
        if counted.limited > reported.limited || counted.refused > reported.refused {
            logger.warning(
                "traps were not taken",
                metadata: ["limited": "\(counted.limited)", "refused": "\(counted.refused)", "malformed": "\(counted.malformed)"])
        }
        reported = counted
    }
}

extension TrapRecord {
    /// IF-MIB's linkDown and linkUp.
    package var changesLink: Bool { identifier == .linkDown || identifier == .linkUp }
}

import Campus
import Capture
import Console
import Definitions
import Evidence
import Foundation
import Judging
import Logging
import Notify
import Polling
import Probes
import Receiving
import SNMP
import Sampling
import ServiceLifecycle

/// Every part of the agent, each given what it needs; nothing here runs yet.
struct AgentParts: Sendable {
    private let lock: StoreLock
    let store: EvidenceStore
    let keeper: Keeper
    let judge: Judge
    let captures: Captures
    let poller: Poller
    let cartographer: Cartographer
    let rediscovery: Rediscovery
    /// nil when nothing listens for traps.
    let traps: TrapReceiver?
    let console: ConsoleService?
    let vitals: Vitals
    let settings: AgentSettings

    init(settings: AgentSettings, definitions: AgentDefinitions, sockets: ActivatedSockets, logger: Logger) throws {
        self.settings = settings
        let named = { (name: String) in
            Logger(label: name, factory: { label in (logger.handler as? LineLog)?.labelled(label) ?? logger.handler })
        }
        try AgentParts.makeFolder(settings.storeDirectory)
        try AgentParts.makeFolder(URL(fileURLWithPath: settings.alertLogPath).deletingLastPathComponent().path)
        lock = try StoreLock(folder: settings.storeDirectory)
        let store = try EvidenceStore(path: settings.databasePath, settings: settings.evidence, logger: named("store"))
        self.store = store
        let declaration = try Declaration(settings, store: store)
        let alertLog = try AlertLog(
            path: settings.alertLogPath, store: store, settings: settings.alertLog, logger: named("alert-log"))
        let judge = Judge(
            store: store, definitions: definitions.judging, settings: settings.judging, logger: named("judge"),
            now: { WallClock.now },
            onEvents: { _ in alertLog.project() })
        self.judge = judge
        keeper = Keeper(store: store, alertLog: alertLog, interval: settings.evidence.beat, logger: named("store"))
        captures = Captures(store: store, logger: named("capture")) { _ in judge.nudge() }
        captures.change(to: settings.sampling(definitions))
        poller = Poller(
            settings: settings.pollingSettings, devices: declaration.polled(settings), library: definitions.probes, store: store,
            logger: named("polling"))
        cartographer = Cartographer(
            store: store, settings: settings.survey, logger: named("topology"), viewpoint: { Surroundings.viewpoint() })
        rediscovery = Rediscovery(settings: settings, library: definitions.probes, store: store, logger: named("discovery"))
        traps = try AgentParts.trapReceiver(settings, definitions, sockets, store, poller, judge, named("traps"))
        let vitals = Vitals(
            store: store, keeper: keeper, judge: judge, poller: poller, captures: captures, traps: traps)
        self.vitals = vitals
        console = settings.console.map { console in
            ConsoleService(
                settings: console, store: store, titles: definitions.titles,
                sources: ConsoleSources(health: { vitals.health() }, metrics: { vitals.metrics() }), logger: named("console"))
        }
    }

    /// Listens where the configuration says, or on the socket that systemd hands over.
    private static func trapReceiver(
        _ settings: AgentSettings, _ definitions: AgentDefinitions, _ sockets: ActivatedSockets, _ store: EvidenceStore,
        _ poller: Poller, _ judge: Judge, _ logger: Logger
    ) throws -> TrapReceiver? {
        let inherited = sockets.descriptor(named: "traps").map { NotificationAddress.inherited($0) }
        guard let address = inherited ?? settings.traps else { return nil }
        let listener: NotificationListener
        do {
            listener = try NotificationListener(
                address, credentials: settings.credentialsInOrder, name: settings.site.name)
        } catch {
            throw AgentError(thing: "listen.traps", reason: "\(error)", remedy: "without traps: set listen.traps: off")
        }
        return TrapReceiver(
            listener: listener, traps: definitions.probes.traps, store: store, logger: logger, now: { WallClock.now }
        ) { traps in
            let changed = Set(traps.filter(\.changesLink).compactMap(\.device))
            if !changed.isEmpty { await poller.refresh(changed) }
            judge.nudge()
        }
    }

    /// Goes on with other devices, rules and captures.
    func take(_ settings: AgentSettings, _ declaration: Declaration, _ definitions: AgentDefinitions) async {
        await poller.change(to: declaration.polled(settings), library: definitions.probes)
        rediscovery.change(to: settings, library: definitions.probes)
        await judge.reload(definitions.judging)
        captures.change(to: settings.sampling(definitions))
        traps?.change(to: definitions.probes.traps, credentials: settings.credentialsInOrder)
    }

    /// The daemon's own folders are made when they are missing; readable by its group, for officers and collectors.
    static func makeFolder(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw AgentError(
                thing: path, reason: "the folder cannot be made\(AgentParts.reason(of: error))",
                remedy: "make it, and let the daemon's user write there")
        }
    }

    private static func reason(of error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission: ", permission denied"
        case .fileWriteVolumeReadOnly: ", the file system is read-only"
        case .fileWriteOutOfSpace: ", no room left on the disk"
        case .fileWriteFileExists: ", a file is in the way"
        default: ""
        }
    }
}

/// Why the agent or a command cannot go on, in one line: the thing, the reason, the remedy.
package struct AgentError: Error, CustomStringConvertible, Sendable {
    package let thing: String
    package let reason: String
    package let remedy: String

    package init(thing: String, reason: String, remedy: String) {
        self.thing = thing
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(thing): \(reason): \(remedy)" }
}

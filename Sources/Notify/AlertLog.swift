import Campus
package import Evidence
import Foundation
package import Logging
import Synchronization

/// The alert log: the projection of the store's `alert_event` into JSON Lines, hash-chained and durable.
///
/// Truth is the store. Whatever the file lacks is taken from there by sequence number, so a line that could not be written
/// (a full disk) is written when writing works again.
package final class AlertLog: Sendable {
    /// What opening found and repaired.
    package struct Repair: Hashable, Sendable {
        /// Bytes of a torn last line that were dropped.
        package var tornBytes = 0
        /// Events that the store had and the file lacked.
        package var appended = 0
        /// Lines that the store does not know, moved to `<path>.orphaned`: the store was restored or lost its last second.
        package var orphaned = 0
    }

    private struct State: ~Copyable {
        var file: AlertFile
        var chain: AlertChain
    }

    package let path: String
    package let repair: Repair
    private let store: EvidenceStore
    private let settings: AlertLogSettings
    private let logger: Logger
    private let state: Mutex<State>

    /// Events read from the store at once.
    private static let batch = 500

    /// Opens the log and repairs it: a torn tail is cut, events that are missing at the end are appended.
    package init(path: String, store: EvidenceStore, settings: AlertLogSettings, logger: Logger) throws {
        self.path = path
        self.store = store
        self.settings = settings
        self.logger = logger
        var file = try AlertFile(path: path)
        let last = try store.lastAlertSequence()
        let tail = try AlertTail(path: path, lastKnown: last)
        var repair = Repair()
        repair.tornBytes = Int(clamping: file.size - tail.size - tail.orphanedBytes)
        repair.orphaned = tail.orphaned.count
        try Self.setAside(tail.orphaned, path: path)
        if tail.size < file.size { try file.truncate(to: tail.size) }
        var state = State(file: file, chain: tail.chain)
        repair.appended = try Self.project(store, settings, &state)
        self.repair = repair
        self.state = Mutex(state)
        tell(repair)
    }

    /// Appends every event that the store has and the file lacks. What cannot be written now is written next time.
    package func project() {
        state.withLock { state in
            do {
                _ = try Self.project(store, settings, &state)
            } catch {
                logger.error("cannot write the alert log", metadata: ["error": "\(error)"])
            }
        }
    }

    /// The number of the newest event in the file.
    package var lastSequence: Int64 { state.withLock { $0.chain.lastSequence } }

    private static func project(_ store: EvidenceStore, _ settings: AlertLogSettings, _ state: inout State) throws -> Int {
        var count = 0
        while true {
            let events = try store.alertEvents(after: state.chain.lastSequence, limit: batch)
            guard !events.isEmpty else { return count }
            var chain = state.chain
            let lines = events.map { event in
                let line = AlertLine(event: event, settings: settings).text(previous: chain.previous)
                chain.extend(by: Array(line.utf8), sequence: event.sequence)
                return line
            }
            try state.file.append(lines)
            state.chain = chain
            count += events.count
        }
    }

    private static func setAside(_ lines: [[UInt8]], path: String) throws {
        guard !lines.isEmpty else { return }
        var aside = try AlertFile(path: path + ".orphaned")
        try aside.append(lines.map { String(decoding: $0, as: UTF8.self) })
    }

    private func tell(_ repair: Repair) {
        guard repair != Repair() else { return }
        logger.warning(
            "alert log repaired",
            metadata: [
                "path": "\(path)", "torn_bytes": "\(repair.tornBytes)", "appended": "\(repair.appended)",
                "orphaned": "\(repair.orphaned)",
            ])
    }
}

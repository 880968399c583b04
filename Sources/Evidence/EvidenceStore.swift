package import Campus
package import Logging

/// The evidence tables in one SQLite file: one serialised writer, a few read-only connections for queries.
package final class EvidenceStore: Sendable {
    package let path: String

    /// Opens the store, makes or migrates its tables, and says what stands in the way.
    package init(path: String, settings: EvidenceSettings, logger: Logger) throws(EvidenceError) {
        self.path = path; throw .sql("not yet")
    }

    /// Opens an existing store for `select` alone, beside a running daemon.
    package static func openReadOnly(path: String, settings: EvidenceSettings = EvidenceSettings(), logger: Logger)
        throws(EvidenceError) -> EvidenceStore
    { throw .sql("not yet") }

    // MARK: Campus

    /// Replaces what the configuration says. Devices that are no longer named keep their evidence and lose `declared`.
    package func declare(
        places: [Place] = [], owners: [Owner] = [], devices: [(id: DeviceID, declared: DeclaredDevice)], exits: [CampusExit] = [],
        systems: [InformationSystem] = [], calendar: [CalendarEntry] = [], settings: [String: String] = [:]
    ) throws(EvidenceError) { throw .sql("not yet") }

    /// Every device with the address it was last declared with: how a start finds the ids that earlier polls gave.
    package func knownDevices() throws(EvidenceError) -> [KnownDevice] { throw .sql("not yet") }

    /// Gives a provisional device the id that its first full poll revealed, with all its evidence.
    package func renameDevice(_ old: DeviceID, to new: DeviceID) throws(EvidenceError) { throw .sql("not yet") }

    // MARK: Learning

    /// Stores a batch of finished polls in one transaction; all or nothing.
    package func record(_ polls: [DevicePoll]) throws(EvidenceError) { throw .sql("not yet") }

    /// The counters that the last stored poll of a device brought.
    package func lastSamples(_ device: DeviceID) throws(EvidenceError) -> LastSamples? { throw .sql("not yet") }

    package func record(observations: [Observation]) throws(EvidenceError) { throw .sql("not yet") }
    package func record(_ minute: TrafficMinute) throws(EvidenceError) { throw .sql("not yet") }
    package func record(_ accounting: CaptureAccounting, startedAt: Timestamp, state: CaptureState, reason: String = "")
        throws(EvidenceError)
    { throw .sql("not yet") }
    package func recordGap(kind: GapKind, start: Timestamp, end: Timestamp, reason: String) throws(EvidenceError) {
        throw .sql("not yet")
    }

    // MARK: Asking

    /// Runs one SELECT on a read-only connection behind the authoriser; parameters by name, without the colon.
    package func select(
        _ sql: String, parameters: [String: EvidenceValue] = [:], limits: QueryLimits = QueryLimits()
    ) throws(EvidenceError) -> ResultTable { throw .sql("not yet") }

    // MARK: Concluding

    /// Alerts that are neither resolved nor closed.
    package func openAlerts() throws(EvidenceError) -> [Alert] { throw .sql("not yet") }

    /// Stores alerts and their events in one durable transaction; returns the events with their sequence numbers.
    package func apply(_ events: [AlertEvent]) throws(EvidenceError) -> [AlertEvent] { throw .sql("not yet") }

    /// Events with a greater sequence number, in order.
    package func alertEvents(after sequence: Int64, limit: Int) throws(EvidenceError) -> [AlertEvent] { throw .sql("not yet") }

    /// The newest event's number; 0 when there is none.
    package func lastAlertSequence() throws(EvidenceError) -> Int64 { throw .sql("not yet") }

    /// Stores a run and, unless it failed, the latest row of each judged object; objects not returned are dropped.
    package func record(results: [RuleResult], run: RuleRun) throws(EvidenceError) { throw .sql("not yet") }
    package func record(verdicts: [VerdictRecord]) throws(EvidenceError) { throw .sql("not yet") }
    package func record(indicatorValues: [IndicatorRecord]) throws(EvidenceError) { throw .sql("not yet") }
    package func audit(at: Timestamp, actor: String, action: String, object: String, detail: String) throws(EvidenceError) {
        throw .sql("not yet")
    }

    // MARK: Keeping

    /// Tells that the agent watches now; a beat that comes late or from the past leaves a gap.
    package func beat(at: Timestamp) throws(EvidenceError) { throw .sql("not yet") }

    /// Closes finished hours into chunks and roll-ups and deletes what is too old: a bounded amount of work a call.
    /// Returns whether more is waiting.
    @discardableResult
    package func maintain(now: Timestamp) throws(EvidenceError) -> Bool { throw .sql("not yet") }

    /// Copies the write-ahead log into the database.
    package func flush() throws(EvidenceError) { throw .sql("not yet") }

    /// Flushes and closes every connection; later calls fail.
    package func close() throws(EvidenceError) { throw .sql("not yet") }
}

package import Campus
package import Evidence

/// What sampling needs of the evidence store.
package protocol TrafficArchive: Sendable {
    func record(observations: [Observation]) throws(EvidenceError)
    func record(_ minute: TrafficMinute) throws(EvidenceError)
    func record(_ accounting: CaptureAccounting, startedAt: Timestamp, state: CaptureState, reason: String) throws(EvidenceError)
    func recordGap(kind: GapKind, start: Timestamp, end: Timestamp, reason: String) throws(EvidenceError)
    /// The start of the newest minute stored of an interface.
    func lastTrafficMinute(interface: String) throws(EvidenceError) -> Timestamp?
}

extension EvidenceStore: TrafficArchive {
    package func lastTrafficMinute(interface: String) throws(EvidenceError) -> Timestamp? {
        let newest = try select(
            "SELECT max(t) AS t FROM traffic_minute WHERE interface = :interface", parameters: ["interface": .text(interface)])
        return newest.rows.first?.first?.int64.map(Timestamp.init(milliseconds:))
    }
}

import Campus
import Evidence

/// Checks one line after the other: form, chain, numbers, and the store's word.
struct AlertLogChecker {
    private(set) var chain = AlertChain()
    private var events: StoredEvents
    private var isFirst = true

    init(events: StoredEvents) { self.events = events }

    mutating func check(_ bytes: [UInt8], _ report: inout AlertLogReport) throws {
        defer { isFirst = false }
        let expected = chain.lastSequence + 1
        guard let line = ParsedAlertLine(bytes) else {
            report.add(.changed(line: report.lines, what: "it is no alert line"))
            chain.extend(by: bytes, sequence: expected)
            return
        }
        let ours = line.campanile
        if isFirst { report.firstSequence = ours.sequence }
        let continues = ours.previous == chain.previous || (isFirst && ours.sequence > 1)
        if !continues { report.add(.broken(line: report.lines)) }
        if !isFirst, ours.sequence > expected {
            report.add(.missing(line: report.lines, first: expected, last: ours.sequence - 1))
        } else if !isFirst, ours.sequence < expected {
            report.add(.changed(line: report.lines, what: "sequence \(ours.sequence) after \(chain.lastSequence)"))
        }
        chain.extend(by: bytes, sequence: max(chain.lastSequence, ours.sequence))
        try compare(line, &report)
    }

    /// Holds the line against the event of the same number, where the store still has it.
    private mutating func compare(_ line: ParsedAlertLine, _ report: inout AlertLogReport) throws {
        let ours = line.campanile
        switch try events.event(ours.sequence) {
        case .forgotten: return
        case .neverGiven: report.add(.unknownToStore(line: report.lines, sequence: ours.sequence))
        case .found(let event):
            if let what = Self.difference(line, event) { report.add(.changed(line: report.lines, what: what)) }
        }
    }

    private static func difference(_ line: ParsedAlertLine, _ event: AlertEvent) -> String? {
        let ours = line.campanile
        let pairs: [(String, String, String)] = [
            ("alert", ours.alert, event.alert.id), ("state", ours.state, event.action.rawValue),
            ("event.action", line.event.action, event.action.rawValue), ("subject", ours.subject, event.alert.subject),
            ("severity", ours.severity, event.alert.severity.rawValue), ("rule.id", line.rule.id, event.alert.rule),
            ("actor", ours.actor, event.actor),
        ]
        if let (name, said, stored) = pairs.first(where: { $0.1 != $0.2 }) {
            return "\(name) is \(said), the store says \(stored)"
        }
        let messages = [event.alert.message.zh, event.alert.message.en]
        if !messages.contains(line.message) { return "message differs from the store's" }
        guard let offset = Self.offset(of: line.timestamp) else { return "@timestamp is no time" }
        let stored = CivilTime(event.at, offsetSeconds: offset).rfc3339
        return stored == line.timestamp ? nil : "@timestamp is \(line.timestamp), the store says \(stored)"
    }

    /// Seconds of the offset that ends an RFC 3339 time.
    private static func offset(of time: String) -> Int? {
        let tail = time.suffix(6)
        guard tail.count == 6, let sign = tail.first, sign == "+" || sign == "-",
            let hours = Int(tail.dropFirst().prefix(2)), let minutes = Int(tail.suffix(2))
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

/// The store's events read in order, a batch at a time.
struct StoredEvents {
    enum Answer {
        case found(AlertEvent)
        /// Older than what the store keeps.
        case forgotten
        /// Newer than any number the store has given.
        case neverGiven
    }

    private static let batch = 500
    private let store: EvidenceStore
    private var loaded: [Int64: AlertEvent] = [:]
    private var range: ClosedRange<Int64>?

    init(store: EvidenceStore) { self.store = store }

    mutating func event(_ sequence: Int64) throws -> Answer {
        if range?.contains(sequence) != true {
            let events = try store.alertEvents(after: sequence &- 1, limit: Self.batch)
            loaded = Dictionary(events.map { ($0.sequence, $0) }) { first, _ in first }
            guard let last = events.last?.sequence else { return .neverGiven }
            range = min(sequence, last)...last
        }
        return loaded[sequence].map { .found($0) } ?? .forgotten
    }
}

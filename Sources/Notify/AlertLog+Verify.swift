package import Evidence

extension AlertLog {
    /// Reads the whole log, checks the chain line by line and every line against the store's events.
    ///
    /// The chain alone cannot tell that the last line was changed or that somebody rewrote it from a line on; the store can,
    /// as far back as it keeps events. The first line of a file may continue an earlier, rotated one.
    package static func verify(path: String, store: EvidenceStore) throws -> AlertLogReport {
        var report = AlertLogReport(path: path)
        var checker = AlertLogChecker(events: StoredEvents(store: store))
        var lines = try AlertLines(path: path)
        while let (bytes, isWhole) = try lines.next() {
            report.lines += 1
            guard isWhole else {
                report.add(.tornTail(line: report.lines))
                break
            }
            try checker.check(bytes, &report)
        }
        report.lastSequence = checker.chain.lastSequence
        let newest = try store.lastAlertSequence()
        if newest > report.lastSequence { report.add(.cutTail(after: report.lastSequence, newest: newest)) }
        return report
    }
}

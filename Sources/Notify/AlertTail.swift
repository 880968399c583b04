/// Where an alert log ends: the chain at its last whole line that the store knows, and what follows that line.
struct AlertTail {
    private(set) var chain = AlertChain()
    /// Bytes up to and with that line.
    private(set) var size: UInt64 = 0
    /// Whole lines whose numbers the store has never given.
    private(set) var orphaned: [[UInt8]] = []
    private(set) var orphanedBytes: UInt64 = 0

    /// Reads the file to its end. A line that is no alert line stays where it is, for `verify` to report; only an unfinished
    /// last one is torn.
    init(path: String, lastKnown: Int64) throws {
        var lines = try AlertLines(path: path)
        while let (bytes, isWhole) = try lines.next() {
            guard isWhole else { return }
            let sequence = ParsedAlertLine(bytes)?.campanile.sequence ?? chain.lastSequence
            if sequence > lastKnown {
                orphaned.append(bytes)
                orphanedBytes += UInt64(bytes.count) + 1
            } else if orphaned.isEmpty {
                chain.extend(by: bytes, sequence: sequence)
                size += UInt64(bytes.count) + 1
            }
        }
    }
}

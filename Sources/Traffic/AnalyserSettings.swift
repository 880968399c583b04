/// The bounds of an `Analyser`: whatever traffic comes, it takes no more memory than these allow.
package struct AnalyserSettings: Hashable, Sendable {
    /// Flows kept at a time; when full, the one longest silent among a few makes room and `evictedFlows` counts it.
    package var maximumFlows = 1 << 20
    /// A flow silent for so long is over, in microseconds.
    package var idleTimeout: Int64 = 120_000_000
    /// A TCP connection that was closed or reset is over so long after its last packet, in microseconds.
    package var closedTimeout: Int64 = 10_000_000
    /// A flow's record is given out after so long although it goes on, in microseconds.
    package var activeTimeout: Int64 = 1_800_000_000
    /// TCP conversations followed at a time for names, hellos and requests.
    package var maximumStreams = 1 << 16
    /// Bytes kept of one direction of a conversation while a message is incomplete.
    package var maximumStreamBytes = 1 << 17
    /// Bytes kept of all conversations and fragmented datagrams together.
    package var maximumReassemblyBytes = 64 << 20
    /// Fragmented datagrams remembered at a time.
    package var maximumDatagrams = 4096

    package init() {}
}

/// What an analyser did and what it had to leave out, as totals since its start.
package struct AnalyserStatistics: Hashable, Sendable {
    package var packets: UInt64 = 0
    /// Bytes on the wire.
    package var bytes: UInt64 = 0
    /// Frames without a readable IP header.
    package var withoutAddress: UInt64 = 0
    /// Flows that made room for others.
    package var evictedFlows: UInt64 = 0
    /// Conversations not followed, or given up, because a bound was reached.
    package var refusedStreams: UInt64 = 0
    /// Datagrams whose fragments were given up because a bound was reached.
    package var refusedDatagrams: UInt64 = 0
    /// Messages that a parser refused as damaged.
    package var malformedMessages: UInt64 = 0

    package init() {}
}

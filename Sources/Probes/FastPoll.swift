package import Campus

/// What changed since the full poll: as much of a device as one interval needs.
package struct FastPoll: Sendable {
    /// One for each interface that answered, sorted by index.
    package var samples: [InterfaceSample] = []
    /// The baseline's sensors with new values; one that did not answer is left out.
    package var sensors: [SensorReading] = []
    /// The baseline's gauges with new values; one that did not answer is left out.
    package var gauges: [Gauge] = []
    /// sysUpTime in seconds; nil when it was not answered.
    package var uptime: Double?

    package init() {}
}

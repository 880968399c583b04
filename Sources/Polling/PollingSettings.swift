/// How often and how patiently devices are polled.
package struct PollingSettings: Hashable, Sendable {
    /// Between two polls of counters, states and sensors.
    package var interval: Duration = .seconds(60)
    /// Between two full polls, which read names, sensors and inventory anew.
    package var full: Duration = .seconds(3600)
    /// Between two pulses: one value by SNMP. With re-checks and their time-outs a loss is told within half a minute.
    package var pulse: Duration = .seconds(6)
    /// Between two looks at a device that missed one.
    package var recheck: Duration = .seconds(5)
    /// Misses in a row that make a device lost; its state dates from the first of them.
    package var misses = 3
    /// First polls, which are full ones, begin this far apart after a start, but all within half an interval.
    package var firstPollEach: Duration = .milliseconds(20)
    /// Devices being polled at the same time.
    package var concurrency = 1024
    /// Of these, devices being read in full, which takes memory.
    package var fullConcurrency = 128
    /// Finished polls are stored together, once each.
    package var flush: Duration = .seconds(1)
    /// Polls that wait for a store that cannot be written; the oldest go when there are more.
    package var maximumUnstored = 20_000
    /// How long one echo request or TCP handshake may take.
    package var echoTimeout: Duration = .seconds(1)
    /// Where a TCP handshake is tried when a device answers neither SNMP nor ping.
    package var tcpPorts: [UInt16] = [22, 443]

    package init() {}
}

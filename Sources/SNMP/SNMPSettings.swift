/// Bounds and timing of the SNMP engine; the defaults suit a campus.
package struct SNMPSettings: Sendable {
    /// Wait for the first answer of a device whose round trip is not known.
    package var timeout: Duration = .seconds(2)
    /// The shortest wait, however quick a device has been: agents answer late while they rebuild a table.
    package var minimumTimeout: Duration = .milliseconds(500)
    /// The longest wait; each retry waits twice as long as the try before.
    package var maximumTimeout: Duration = .seconds(4)
    /// Tries after the first.
    package var retries = 2
    /// Bindings that one GETBULK asks for while the reply size of a device is not known.
    package var bindingsPerReply = 96
    /// The most bindings that one GETBULK ever asks for.
    package var maximumBindingsPerReply = 640
    /// Open sockets, of which idle ones are closed when more are needed.
    package var maximumSessions = 8192
    /// Devices polled at the same time; more wait in line.
    package var maximumConcurrentPolls = 192

    /// Is told each step, on the engine's thread.
    package var witness: (@Sendable (SNMPStep) -> Void)?

    package init() {}
}

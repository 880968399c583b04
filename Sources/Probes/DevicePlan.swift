package import Campus

/// What to ask one device, and what its answers mean.
///
/// A life: `library.plan(identity:)`, one full poll of `fullRequests`, `report(identity:answers:)`, then
/// `narrowed(to:)`, whose `fastRequests` are asked each interval and read by `fast(answers:baseline:)`.
package struct DevicePlan: Sendable {
    /// Everything the device's definitions name; answers are aligned with it.
    package let fullRequests: [TableRequest]

    /// What changes between two polls: sysUpTime, interface counters and status, sensor and gauge values. Before
    /// `narrowed(to:)` only sysUpTime and the interfaces; afterwards also what answered the full poll, with its row counts.
    package let fastRequests: [TableRequest]

    init() {
        fullRequests = []
        fastRequests = []
    }

    /// What a full poll learned; `answers` aligned with `fullRequests` (an empty one where a table did not answer).
    package func report(identity: VariableBindings, answers: [VariableBindings]) -> DeviceReport {
        DeviceReport()
    }

    /// The same plan, asking from now on only for the tables that answered a full poll; it remembers scales and names.
    package func narrowed(to answers: [VariableBindings]) -> DevicePlan {
        self
    }

    /// What a fast poll says; `answers` aligned with `fastRequests`, `baseline` the report of the full poll that the plan was
    /// narrowed to (names and facts are its).
    package func fast(answers: [VariableBindings], baseline: DeviceReport) -> FastPoll {
        FastPoll()
    }
}

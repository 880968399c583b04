/// A step on the way to a device's answers, for whoever wants to look on.
package enum SNMPStep: Sendable {
    /// The first datagram to the agent is on its way.
    case asking(SNMPTarget)
    /// v3: the agent is asked for its engine id.
    case discovering
    case discovered(engineID: [UInt8], boots: Int64, seconds: Int64)
    /// v3: the user's keys were made for the engine.
    case keysMade
    /// The agent's engine told another time than we thought.
    case clockSet(boots: Int64, seconds: Int64)
    case refused(USMReason?)
    /// Nothing was answered with privacy: it is asked once without.
    case withoutPrivacy
    /// No answer to try number `attempt` (1 is the first) in time.
    case timedOut(attempt: Int, after: Duration)
    /// The first values arrived.
    case answered(roundTrip: Duration)
    /// A request was read to its end, or given up.
    case read(name: String, values: Int, pduCount: Int, problem: String?)
    case ended(SNMPOutcome)
}

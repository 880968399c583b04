import Campus

/// Where and when a message was seen: what every fact about it repeats.
struct MessageContext: Sendable {
    var at: Int64
    var endpoints: Endpoints
    var sourceMAC: MACAddress?
    var vlan: UInt16?
    var isTunnelled = false

    /// For what the other side had sent before.
    var reversed: MessageContext {
        MessageContext(at: at, endpoints: endpoints.reversed, sourceMAC: nil, vlan: vlan, isTunnelled: isTunnelled)
    }
}

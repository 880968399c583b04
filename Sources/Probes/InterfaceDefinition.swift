import Campus

/// Which columns tell what of an interface; the row's index is ifIndex.
struct InterfaceDefinition: Sendable {
    /// The columns of a role in order of preference: the preferred one and, at most, one to fall back on.
    var columns: [(role: InterfaceRole, column: InterfaceColumn)] = []
    /// What is asked at each poll; all else at full polls only.
    var eachPoll: Set<InterfaceRole> = []
}

/// A column of an interface table.
struct InterfaceColumn: Sendable {
    /// A position in `ProbeDefinition.tables`.
    var table: Int
    var column: Int
    var isFallback: Bool
}

/// What a column can tell of an interface.
enum InterfaceRole: Hashable, Sendable {
    case name, description, alias, type, mtu, speed, highSpeed, mac, admin, oper, lastChange, discontinuity, vlan
    case counter(InterfaceCounter)

    static let all: [InterfaceRole] =
        [.name, .description, .alias, .type, .mtu, .speed, .highSpeed, .mac, .admin, .oper, .lastChange, .discontinuity, .vlan]
        + InterfaceCounter.allCases.map { .counter($0) }

    /// As definition files write it.
    var key: String {
        switch self {
        case .highSpeed: "high_speed"
        case .lastChange: "last_change"
        case .counter(let counter): counter.name
        default: "\(self)"
        }
    }
}

import Campus

/// Reads instances by GET, so many in a request; says what to ask, judges what comes back, does no I/O.
struct ScalarRead {
    private(set) var bindings = VariableBindings()
    private(set) var problems: [String] = []
    private var names: [ObjectIdentifier]
    /// Names not asked for yet start here.
    private var next = 0
    private var asked = 0..<0
    private var received = 0
    private let limit: Int
    /// Names in one GET.
    private var size = 32

    init(names: [ObjectIdentifier], limit: Int) {
        self.names = names
        self.limit = limit
    }

    var isDone: Bool { next >= names.count }

    mutating func ask(_ question: inout Question, shrink: Int) {
        asked = next..<min(names.count, next + max(1, size >> shrink))
        question.removeAll()
        question.command = .get
        for name in names[asked] { question.append(name.arcs) }
    }

    mutating func beginReply() { received = 0 }

    /// Judges the name of the next binding: the one that was asked for, and it alone.
    mutating func admits(_ name: Span<UInt32>, tag: VariableBindings.Tag?) -> Bool {
        let position = asked.lowerBound + received
        received += 1
        guard tag != nil, asked.contains(position), bindings.count < limit else { return false }
        let arcs = names[position].arcs
        guard arcs.count == name.count else { return false }
        for offset in arcs.indices where arcs[offset] != name[offset] { return false }
        return true
    }

    mutating func append(_ body: (inout VariableBindings) -> Void) { body(&bindings) }

    mutating func endReply(_ head: ReplyHead) {
        switch head.errorStatus {
        case ErrorStatus.noError:
            next = asked.upperBound
        case ErrorStatus.tooBig where asked.count > 1:
            size = max(1, asked.count / 2)
        default:
            // RFC 1157 §4.1.2: a v1 agent that lacks one name refuses the whole request and says which.
            let position = asked.lowerBound + head.errorIndex - 1
            let atFault = asked.contains(position) ? position..<(position + 1) : asked
            if head.errorStatus != ErrorStatus.noSuchName {
                problems += names[atFault].map { "\($0): the agent answered \(ErrorStatus.word(head.errorStatus))" }
            }
            names.removeSubrange(atFault)
        }
    }
}

import Campus

/// The requests of one poll, one after the other; a state machine that says what to ask next and collects the answers.
struct RequestRun {
    private(set) var tables: [VariableBindings]
    private(set) var errors: [String?]
    /// Bindings that a GETBULK may ask for; learned from cut replies and silent ones.
    private(set) var capacity: Int
    /// Bindings that the agent put into one reply last.
    private(set) var fitting: Int
    private let requests: [TableRequest]
    private let usesBulk: Bool
    private var position = 0
    private var isWalk = false
    private var walk = ColumnWalk(columns: [], expectedRows: nil, limit: 0, usesBulk: false, capacity: 1, fitting: 1)
    private var scalars = ScalarRead(names: [], limit: 0)
    private var timedOutInARow = 0
    /// Full-size requests in a row that only a smaller one got an answer for.
    private var suspicions = 0
    /// Retries shrink the request by this many halvings each.
    private static let shrinkEach = 2

    init(_ requests: [TableRequest], usesBulk: Bool, capacity: Int, fitting: Int) {
        self.requests = requests
        self.usesBulk = usesBulk
        self.capacity = capacity
        self.fitting = fitting
        tables = Array(repeating: VariableBindings(), count: requests.count)
        errors = Array(repeating: nil, count: requests.count)
        open()
    }

    var isDone: Bool { position >= requests.count }

    /// Writes the request for try number `attempt`, 0 for the first. The first retry is the same again: most losses are chance.
    mutating func ask(_ question: inout Question, attempt: Int) {
        let shrink = max(0, attempt - 1) * Self.shrinkEach
        if isWalk { walk.ask(&question, shrink: shrink) } else { scalars.ask(&question, shrink: shrink) }
    }

    mutating func beginReply() {
        if isWalk { walk.beginReply() } else { scalars.beginReply() }
    }

    mutating func admits(_ name: Span<UInt32>, tag: VariableBindings.Tag?) -> Bool {
        isWalk ? walk.admits(name, tag: tag) : scalars.admits(name, tag: tag)
    }

    mutating func append(_ body: (inout VariableBindings) -> Void) {
        if isWalk { walk.append(body) } else { scalars.append(body) }
    }

    mutating func endReply(_ head: ReplyHead, attempt: Int) {
        timedOutInARow = 0
        if isWalk {
            walk.endReply(head)
            learn(from: attempt)
            capacity = walk.capacity
            fitting = walk.fitting
        } else {
            scalars.endReply(head)
        }
        close()
    }

    /// An answer that came only when asked for less, twice running, is no chance: keep to the smaller size.
    private mutating func learn(from attempt: Int) {
        guard attempt > 1 else {
            suspicions = 0
            return
        }
        suspicions += 1
        if suspicions >= 2 { walk.limitCapacity(to: capacity >> ((attempt - 1) * Self.shrinkEach)) }
    }

    /// No answer to any try: the table is given up, and with a second one in a row all that follow.
    mutating func giveUp(_ reason: String) {
        timedOutInARow += 1
        fail(reason)
        while timedOutInARow >= 2, !isDone { fail(reason) }
    }

    private mutating func fail(_ reason: String) {
        guard !isDone else { return }
        keep(adding: reason)
        position += 1
        open()
    }

    private mutating func close() {
        guard isWalk ? walk.isDone : scalars.isDone else { return }
        keep(adding: nil)
        position += 1
        open()
    }

    private mutating func keep(adding reason: String?) {
        tables[position] = isWalk ? walk.bindings : scalars.bindings
        var problems = isWalk ? walk.problems : scalars.problems
        if let reason { problems.append(reason) }
        errors[position] = problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    /// Prepares the request at `position`, skipping those that ask for nothing.
    private mutating func open() {
        while position < requests.count {
            let request = requests[position]
            switch request.kind {
            case .scalars(let names) where !names.isEmpty:
                isWalk = false
                scalars = ScalarRead(names: names, limit: request.limit)
                return
            case .columns(let columns) where !columns.isEmpty:
                isWalk = true
                walk = ColumnWalk(
                    columns: columns, expectedRows: request.expectedRows, limit: request.limit, usesBulk: usesBulk,
                    capacity: capacity, fitting: fitting)
                return
            case .scalars, .columns:
                position += 1
            }
        }
        walk = ColumnWalk(columns: [], expectedRows: nil, limit: 0, usesBulk: false, capacity: 1, fitting: 1)
        scalars = ScalarRead(names: [], limit: 0)
    }
}

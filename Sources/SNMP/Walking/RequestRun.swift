import Campus

/// The requests of one poll; a state machine that says what to ask next and collects the answers.
///
/// Scalars come first, by GET. Tables are then walked together as long as they fit into one question: most tables that definitions
/// name are absent or short, and a question of their own for each would be wasted. The shortest come first, so that one that
/// is slow or endless holds up none. When a question of several tables is not answered, they are asked one by one, to find the one
/// that is to blame.
struct RequestRun {
    private(set) var tables: [VariableBindings]
    private(set) var errors: [String?]
    private(set) var size: ReplySize
    /// What each request cost, for those who want to know.
    private(set) var costs: [RequestCost]
    /// Requests that have ended, in the order they did.
    private(set) var ended: [Int] = []
    private let requests: [TableRequest]
    private let usesBulk: Bool
    /// Requests by GET that are still to come.
    private var scalarsToCome: [Int]
    private var scalars: ScalarRead?
    private var walks: [ColumnWalk?]
    /// Walks that are not done.
    private var open: [Int]
    /// The columns of the open question, in its order.
    private var asked: [(walk: Int, column: Int)] = []
    private var repetitions = 1
    private var received = 0
    private var isApart = false
    private var timedOutInARow = 0

    /// Scalars that a question for tables can take along; more are asked by GET.
    private static let mostScalarsAside = 4
    /// Tables in a row without an answer that mean that the agent has gone.
    private static let mostTimeouts = 3

    init(_ requests: [TableRequest], usesBulk: Bool, size: ReplySize) {
        self.requests = requests
        self.usesBulk = usesBulk
        self.size = size
        tables = Array(repeating: VariableBindings(), count: requests.count)
        errors = Array(repeating: nil, count: requests.count)
        costs = Array(repeating: RequestCost(), count: requests.count)
        walks = Array(repeating: nil, count: requests.count)
        scalarsToCome = []
        open = []
        for (position, request) in requests.enumerated() { prepare(position, request) }
        nextScalars()
    }

    private mutating func prepare(_ position: Int, _ request: TableRequest) {
        switch request.kind {
        case .columns(let columns) where !columns.isEmpty:
            walks[position] = ColumnWalk(columns: columns, expectedRows: request.expectedRows, limit: request.limit)
            open.append(position)
        case .scalars(let names) where !names.isEmpty:
            guard usesBulk, names.count <= Self.mostScalarsAside, names.allSatisfy({ $0.arcs.count > 2 && $0.arcs.last == 0 }),
                requests.contains(where: { $0.asksForTable })
            else { return scalarsToCome.append(position) }
            let objects = names.map { ObjectIdentifier(Array($0.arcs.dropLast())) }
            walks[position] = ColumnWalk(columns: objects, expectedRows: nil, limit: request.limit, isScalar: true)
            open.append(position)
        case .columns, .scalars: break
        }
    }

    var isDone: Bool { scalars == nil && open.isEmpty }

    // MARK: Asking

    /// Writes the request for try number `attempt`, 0 for the first.
    mutating func ask(_ question: inout Question, attempt: Int) {
        if scalars != nil {
            scalars?.ask(&question, shrink: ReplySize.shrink(attempt))
            costs[scalarsToCome[0]].pduCount += 1
            return
        }
        compose(room: size.room(attempt: attempt))
        question.removeAll()
        question.command = usesBulk ? .getBulk(repetitions: repetitions) : .getNext
        var last: Int?
        for (walk, column) in asked {
            walks[walk]?.appendCursor(of: column, to: &question)
            if walk != last { costs[walk].pduCount += 1 }
            last = walk
        }
    }

    /// Chooses columns and rows that fill the room: those that want the fewest rows first.
    private mutating func compose(room: Int) {
        asked.removeAll(keepingCapacity: true)
        let names = min(room, ReplySize.mostNames)
        var order = open.map { (wanted: walks[$0]?.wantedRows ?? 1, walk: $0) }
        if isApart { order.removeSubrange(min(1, order.count)...) } else { order.sort { $0 < $1 } }
        guard let first = order.first else { return }
        take(first.walk, most: names)
        var rows = min(first.wanted, roundedUp(room, asked.count))
        var taken = 1
        while taken < order.count, let count = walks[order[taken].walk]?.openCount,
            asked.count + count <= names, (asked.count + count) * rows <= room
        {
            take(order[taken].walk, most: count)
            taken += 1
        }
        let most = min(order[taken - 1].wanted, roundedUp(room, asked.count))
        rows = max(rows, stretched(to: most, over: order[..<taken], room: room))
        repetitions = usesBulk ? rows : 1
    }

    /// As many rows as the longest table wants, unless the others would bring too much that nobody asked for.
    private func stretched(to most: Int, over order: ArraySlice<(wanted: Int, walk: Int)>, room: Int) -> Int {
        var rows = most
        while rows > 1 {
            let waste = order.reduce(0) { $0 + max(0, rows - $1.wanted) * (walks[$1.walk]?.openCount ?? 0) }
            if waste <= room / 8 { break }
            rows /= 2
        }
        return rows
    }

    private func roundedUp(_ room: Int, _ count: Int) -> Int { max(1, (room + count - 1) / max(1, count)) }

    private mutating func take(_ walk: Int, most: Int) {
        for column in walks[walk]?.openColumns(most: most) ?? [] { asked.append((walk, column)) }
    }

    // MARK: Answers

    mutating func beginReply() {
        received = 0
        scalars?.beginReply()
    }

    /// Judges the name of the next binding of the reply; true when its value is to be appended by `append`.
    mutating func admits(_ name: Span<UInt32>, tag: VariableBindings.Tag?) -> Bool {
        if scalars != nil { return scalars?.admits(name, tag: tag) ?? false }
        guard !asked.isEmpty, received < asked.count * repetitions else { return false }
        let (walk, column) = asked[received % asked.count]
        received += 1
        return walks[walk]?.admits(name, tag: tag, column: column) ?? false
    }

    /// Appends the binding that was admitted last.
    mutating func append(_ body: (inout VariableBindings) -> Void) {
        if scalars != nil { return scalars?.append(body) ?? () }
        walks[asked[(received - 1) % asked.count].walk]?.append(body)
    }

    /// Closes the reply that `admits` went through.
    mutating func endReply(_ head: ReplyHead, attempt: Int) {
        timedOutInARow = 0
        if scalars != nil {
            scalars?.endReply(head)
            if scalars?.isDone == true { endScalars(adding: nil) }
            return
        }
        if head.errorStatus != ErrorStatus.noError {
            fail(head)
        } else {
            size.replied(received: received, wanted: asked.count * repetitions, attempt: attempt)
            if received == 0 { for (walk, column) in asked { walks[walk]?.end(column, "the agent answered without a value") } }
        }
        closeWalks()
    }

    private mutating func fail(_ head: ReplyHead) {
        if head.errorStatus == ErrorStatus.tooBig {
            if asked.count * repetitions > 1 { return size.tooBig(asked: asked.count * repetitions) }
            for (walk, column) in asked { walks[walk]?.end(column, "a single value is too big for the agent's messages") }
            return
        }
        let isNamed = asked.indices.contains(head.errorIndex - 1)
        // An agent that does not say which: find it by asking one table after the other.
        if !isNamed, spansTables { return isApart = true }
        for (walk, column) in isNamed ? [asked[head.errorIndex - 1]] : asked {
            if head.errorStatus == ErrorStatus.noSuchName {
                walks[walk]?.close(column)
            } else {
                walks[walk]?.end(column, "the agent answered \(ErrorStatus.word(head.errorStatus))")
            }
        }
    }

    private var spansTables: Bool { asked.contains { $0.walk != asked[0].walk } }

    /// No answer to any try: a question of several tables is taken apart; a single table is given up, and with the third one
    /// in a row all that follow.
    mutating func giveUp(_ reason: String) {
        if scalars == nil, !isApart, spansTables {
            isApart = true
            timedOutInARow = 0
            return
        }
        timedOutInARow += 1
        repeat {
            if scalars != nil {
                endScalars(adding: reason)
            } else if let walk = asked.first(where: { open.contains($0.walk) })?.walk ?? open.first {
                walks[walk]?.giveUp(reason)
                closeWalks()
            }
        } while timedOutInARow >= Self.mostTimeouts && !isDone
    }

    private mutating func closeWalks() {
        var hasClosed = false
        for position in open where walks[position]?.isDone == true {
            hasClosed = true
            guard let walk = walks[position] else { continue }
            tables[position].append(walk.bindings)
            keep(walk.problems, at: position)
            walks[position] = nil
            if case .scalars = requests[position].kind, walk.problems.isEmpty, !walk.missing.isEmpty {
                scalarsToCome.append(position)
            } else {
                ended.append(position)
            }
        }
        guard hasClosed else { return }
        open.removeAll { walks[$0] == nil }
        nextScalars()
    }

    private mutating func endScalars(adding reason: String?) {
        let position = scalarsToCome.removeFirst()
        if let read = scalars {
            tables[position].append(read.bindings)
            keep(read.problems + (reason.map { [$0] } ?? []), at: position)
        }
        scalars = nil
        ended.append(position)
        nextScalars()
    }

    private mutating func keep(_ problems: [String], at position: Int) {
        guard !problems.isEmpty else { return }
        errors[position] = ((errors[position].map { [$0] } ?? []) + problems).joined(separator: "; ")
    }

    /// Prepares the next GET, for instances that did not come otherwise.
    private mutating func nextScalars() {
        guard scalars == nil, let position = scalarsToCome.first, case .scalars(let names) = requests[position].kind else {
            return
        }
        let known = tables[position]
        let missing = names.filter { name in !(0..<known.count).contains { known.name($0).elementsEqual(name.arcs) } }
        scalars = ScalarRead(names: missing, limit: requests[position].limit)
    }
}

/// What one request cost; a question for several tables counts for each of them.
struct RequestCost {
    var pduCount = 0
}

extension TableRequest {
    fileprivate var asksForTable: Bool {
        if case .columns(let columns) = kind { !columns.isEmpty } else { false }
    }
}

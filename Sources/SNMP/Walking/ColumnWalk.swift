import Campus

/// Walks the columns of one table side by side; says what to ask, judges what comes back, does no I/O.
///
/// Each column has its own cursor, the last name that was accepted, so a reply cut in the middle of a row costs nothing.
/// Columns end one by one: at the first name outside of them, at endOfMibView, at noSuchName (v1), or with an error.
struct ColumnWalk {
    private struct Column {
        var prefix: [UInt32]
        /// The binding that the column was read up to; nil before the first.
        var last: Int?
        var rows = 0
        var isOpen = true
    }

    private(set) var bindings = VariableBindings()
    /// What went wrong, column by column; what had come before stays.
    private(set) var problems: [String] = []
    private var columns: [Column] = []
    /// The columns of the open question, by position.
    private var asked: [Int] = []
    private var repetitions = 1
    private var received = 0
    private var accepted = 0
    private var expectedRows: Int?
    private var limit = 0
    private let usesBulk: Bool
    /// The most bindings to ask for in one go: what the agent has proved to answer.
    private(set) var capacity: Int
    /// Bindings that fitted into the last reply that the agent cut; asking for more makes it work for nothing.
    private(set) var fitting: Int

    init(columns: [ObjectIdentifier], expectedRows: Int?, limit: Int, usesBulk: Bool, capacity: Int, fitting: Int) {
        self.columns = columns.map { Column(prefix: $0.arcs) }
        self.expectedRows = expectedRows
        self.limit = limit
        self.usesBulk = usesBulk
        self.capacity = max(1, capacity)
        self.fitting = max(1, min(fitting, self.capacity))
        if let expectedRows {
            bindings.reserveCapacity(bindings: min(limit, (expectedRows + 1) * columns.count))
        }
    }

    var isDone: Bool { !columns.contains { $0.isOpen } }

    /// Writes the next request; `shrink` halves its size that many times, for an agent that did not answer the full one.
    mutating func ask(_ question: inout Question, shrink: Int) {
        asked.removeAll(keepingCapacity: true)
        let room = max(1, min(fitting, capacity) >> shrink)
        for index in columns.indices where columns[index].isOpen { asked.append(index) }
        if asked.count > room {
            // The columns that are furthest behind first, so that a table of many columns is still read evenly.
            asked.sort { (columns[$0].rows, $0) < (columns[$1].rows, $1) }
            asked.removeSubrange(room...)
            asked.sort()
        }
        repetitions = rowsToAsk(room: room)
        question.removeAll()
        question.command = usesBulk ? .getBulk(repetitions: repetitions) : .getNext
        for index in asked {
            if let last = columns[index].last {
                question.append(bindings.name(last))
            } else {
                question.append(columns[index].prefix)
            }
        }
    }

    /// One more row than is left, so that the end of the table is seen in the same reply and a new row is not missed.
    private func rowsToAsk(room: Int) -> Int {
        guard usesBulk, let fewest = asked.map({ columns[$0].rows }).min() else { return 1 }
        let rows = max(1, (room + asked.count - 1) / asked.count)
        guard let expectedRows, expectedRows >= fewest else { return rows }
        return min(rows, expectedRows - fewest + 1)
    }

    mutating func beginReply() {
        received = 0
        accepted = 0
    }

    /// Judges the name of the next binding of the reply; true when its value is to be appended by `append`.
    mutating func admits(_ name: Span<UInt32>, tag: VariableBindings.Tag?) -> Bool {
        guard !asked.isEmpty, received < asked.count * repetitions else { return false }
        let index = asked[received % asked.count]
        received += 1
        guard columns[index].isOpen else { return false }
        guard let tag, tag.rawValue < VariableBindings.Tag.noSuchObject.rawValue, isInside(name, index) else {
            columns[index].isOpen = false
            return false
        }
        if let last = columns[index].last, !bindings.isName(name, afterNameOf: last) {
            end(index, "the agent's names do not increase (a loop)")
            return false
        }
        guard bindings.count < limit else {
            for open in columns.indices where columns[open].isOpen { columns[open].isOpen = false }
            problems.append("more than \(limit) values: reading stopped")
            return false
        }
        columns[index].last = bindings.count
        columns[index].rows += 1
        accepted += 1
        return true
    }

    mutating func append(_ body: (inout VariableBindings) -> Void) { body(&bindings) }

    private func isInside(_ name: Span<UInt32>, _ index: Int) -> Bool {
        let count = columns[index].prefix.count
        guard name.count > count else { return false }
        // From the end: neighbouring columns differ in their last arc.
        var offset = count
        while offset > 0 {
            offset -= 1
            if name[offset] != columns[index].prefix[offset] { return false }
        }
        return true
    }

    /// Closes the reply that `admits` went through.
    mutating func endReply(_ head: ReplyHead) {
        guard head.errorStatus == ErrorStatus.noError else { return fail(head) }
        let wanted = asked.count * repetitions
        // Neighbouring rows differ in length, so the guess may grow again.
        fitting = received < wanted ? max(1, received) : min(capacity, fitting * 2)
        if received == 0 {
            for index in asked { end(index, "the agent answered without a value") }
        }
    }

    private mutating func fail(_ head: ReplyHead) {
        let position = head.errorIndex - 1
        if head.errorStatus == ErrorStatus.tooBig {
            let size = usesBulk ? asked.count * repetitions : asked.count
            if size > 1 {
                capacity = max(1, size / 2)
            } else {
                for index in asked { end(index, "a single value is too big for the agent's messages") }
            }
            return
        }
        let atFault = asked.indices.contains(position) ? [asked[position]] : asked
        for index in atFault {
            if head.errorStatus == ErrorStatus.noSuchName {
                columns[index].isOpen = false
            } else {
                end(index, "the agent answered \(ErrorStatus.word(head.errorStatus))")
            }
        }
    }

    /// Keeps to `room` bindings a question from now on.
    mutating func limitCapacity(to room: Int) { capacity = max(1, min(capacity, room)) }

    private mutating func end(_ index: Int, _ reason: String) {
        columns[index].isOpen = false
        problems.append("\(ObjectIdentifier(columns[index].prefix)): \(reason)")
    }
}

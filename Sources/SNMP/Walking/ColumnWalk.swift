import Campus

/// Reads the columns of one table side by side; judges what comes back, does no I/O. What is asked when is `RequestRun`'s matter.
///
/// Each column has its own cursor, the last name that was accepted, so a reply cut in the middle of a row costs nothing.
/// Columns end one by one: at the first name outside of them, at endOfMibView, at noSuchName (v1), or with an error.
struct ColumnWalk {
    private struct Column {
        /// Its identifier, in `prefixes`.
        var prefix: Range<Int>
        /// The binding that the column was read up to; nil before the first.
        var last: Int?
        var rows = 0
        var isOpen = true
    }

    private(set) var bindings = VariableBindings()
    /// What went wrong, column by column; what had come before stays.
    private(set) var problems: [String] = []
    /// Columns that are not read to their end.
    private(set) var openCount: Int
    private var columns: [Column] = []
    /// The identifiers of all columns in one piece, for they are compared with each name that comes.
    private var prefixes: [UInt32] = []
    private let expectedRows: Int?
    private let limit: Int
    /// Whether the columns are objects with the one instance .0, read by their next name.
    private let isScalar: Bool

    init(columns: [ObjectIdentifier], expectedRows: Int?, limit: Int, isScalar: Bool = false) {
        self.expectedRows = expectedRows
        self.limit = limit
        self.isScalar = isScalar
        openCount = columns.count
        for column in columns {
            self.columns.append(Column(prefix: prefixes.count..<(prefixes.count + column.arcs.count)))
            prefixes += column.arcs
        }
        if let expectedRows {
            bindings.reserveCapacity(bindings: min(limit, (expectedRows + 1) * columns.count))
        }
    }

    var isDone: Bool { openCount == 0 }

    /// How many rows are worth asking for next. Where the end is known, one more than is left, so that it is seen in the same
    /// reply and a new row is not missed; where it is not, first one, then ever more.
    var wantedRows: Int {
        if isScalar { return 1 }
        var fewest = Int.max
        for column in columns where column.isOpen { fewest = min(fewest, column.rows) }
        if let expectedRows, expectedRows >= fewest { return expectedRows - fewest + 1 }
        return max(1, fewest == Int.max ? 1 : fewest * 3)
    }

    /// The open columns, no more than `most`; those that are furthest behind, so that a table of many columns is read evenly.
    func openColumns(most: Int) -> [Int] {
        let open = columns.indices.filter { columns[$0].isOpen }
        guard open.count > most else { return open }
        return open.sorted { (columns[$0].rows, $0) < (columns[$1].rows, $1) }.prefix(most).sorted()
    }

    /// The name after which the column goes on.
    func appendCursor(of column: Int, to question: inout Question) {
        if let last = columns[column].last {
            question.append(bindings.name(last))
        } else {
            question.append(prefixes[columns[column].prefix])
        }
    }

    /// Judges the next name of a column; true when its value is to be appended by `append`.
    mutating func admits(_ name: Span<UInt32>, tag: VariableBindings.Tag?, column: Int) -> Bool {
        guard columns[column].isOpen else { return false }
        guard let tag, tag.rawValue < VariableBindings.Tag.noSuchObject.rawValue, isInside(name, column) else {
            close(column)
            return false
        }
        if let last = columns[column].last, !bindings.isName(name, afterNameOf: last) {
            end(column, "the agent's names do not increase (a loop)")
            return false
        }
        guard bindings.count < limit else {
            for open in columns.indices { close(open) }
            problems.append("more than \(limit) values: reading stopped")
            return false
        }
        columns[column].last = bindings.count
        columns[column].rows += 1
        if isScalar { close(column) }
        return true
    }

    mutating func append(_ body: (inout VariableBindings) -> Void) { body(&bindings) }

    /// Scalars that their next name did not bring.
    var missing: [ObjectIdentifier] {
        columns.filter { $0.rows == 0 }.map { ObjectIdentifier(Array(prefixes[$0.prefix]) + [0]) }
    }

    private func isInside(_ name: Span<UInt32>, _ column: Int) -> Bool {
        let prefix = prefixes.span.extracting(columns[column].prefix)
        guard name.count > prefix.count else { return false }
        if isScalar, name.count != prefix.count + 1 || name[prefix.count] != 0 { return false }
        // From the end: neighbouring columns differ in their last arc.
        var offset = prefix.count
        while offset > 0 {
            offset -= 1
            if name[offset] != prefix[offset] { return false }
        }
        return true
    }

    mutating func close(_ column: Int) {
        guard columns[column].isOpen else { return }
        columns[column].isOpen = false
        openCount -= 1
    }

    /// Closes a column because something went wrong there.
    mutating func end(_ column: Int, _ reason: String) {
        close(column)
        problems.append("\(ObjectIdentifier(Array(prefixes[columns[column].prefix]))): \(reason)")
    }

    mutating func giveUp(_ reason: String) {
        for column in columns.indices { close(column) }
        problems.append(reason)
    }
}

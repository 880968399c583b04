import Campus

/// A conceptual row of a MIB, or a group of scalars, which is a table with one row.
struct TableDefinition: Sendable {
    var name: String
    /// The entry object: a column's identifier is this and its number.
    var root: ObjectIdentifier
    var isScalar: Bool
    var columns: [ColumnDefinition]

    func column(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

    /// The column that is asked for `column`: itself, or the one that it is made from; nil for what the index alone tells.
    func asked(_ column: Int) -> Int? {
        var place = column
        while case .derived(let origin) = columns[place].source { place = origin }
        if case .index = columns[place].source { return nil }
        return place
    }

    /// The object that a column is read from; the entry itself for what the index tells.
    func identifier(_ column: Int) -> ObjectIdentifier {
        switch asked(column).map({ columns[$0].source }) {
        case .column(let arcs), .instance(let arcs): root.appending(arcs)
        default: root
        }
    }

    /// What to ask for a column: the column of a table, the instance of a scalar.
    func request(_ column: Int) -> ObjectIdentifier? {
        guard let asked = asked(column) else { return nil }
        if case .column(let arcs) = columns[asked].source, isScalar { return root.appending(arcs + [0]) }
        return identifier(asked)
    }

    /// The instance of a column in the row with this index.
    func instance(_ column: Int, index: [UInt32]) -> ObjectIdentifier {
        if case .instance? = asked(column).map({ columns[$0].source }) { return identifier(column) }
        return identifier(column).appending(index)
    }

    /// Which column the arcs after the root name, and the row's index; nil when none.
    func place(of arcs: ArraySlice<UInt32>) -> (column: Int, index: ArraySlice<UInt32>)? {
        for (place, column) in columns.enumerated() {
            switch column.source {
            case .column(let own) where arcs.starts(with: own): return (place, arcs.dropFirst(own.count))
            case .instance(let own) where arcs.elementsEqual(own): return (place, [0])
            default: continue
            }
        }
        return nil
    }
}

/// A column, and how its raw values read as words and as numbers.
struct ColumnDefinition: Sendable {
    enum Source: Sendable {
        /// Arcs after the entry object: one, for most MIBs.
        case column([UInt32])
        /// Of scalars: arcs after the root up to the end.
        case instance([UInt32])
        /// Arcs of the row's index.
        case index(IndexPart)
        /// Another column of the table, by position.
        case derived(Int)
    }

    /// Arcs `first...last` of an index, from 0; negative ones count from its end. nil as last: all the rest.
    struct IndexPart: Sendable {
        var first: Int
        var last: Int?

        func arcs(_ index: [UInt32]) -> ArraySlice<UInt32>? {
            let from = first < 0 ? index.count + first : first
            let to = last.map { $0 < 0 ? index.count + $0 : $0 } ?? index.count - 1
            guard from >= 0, from <= to, to < index.count else { return nil }
            return index[from...to]
        }
    }

    var name: String
    var source: Source
    var transform: ColumnTransform?
    /// Raw values that stand for none.
    var absent: Set<String> = []
    /// Raw value (a number or an identifier, as text) to word.
    var names: [String: String] = [:]
    /// Whether a value that `names` does not list is none.
    var isLimitedToNames = false
    /// Raw value to number, for columns such as entPhySensorScale.
    var numbers: [String: Double] = [:]
    /// Whether the file names it `live`.
    var isLiveByName = false
    /// Whether it is asked at each poll rather than at full polls only.
    var isLive = false

    /// Whether it is the object of these arcs, as sent.
    func reads(_ arcs: [UInt32]) -> Bool {
        if case .column(let own) = source { own == arcs && isPlain } else { false }
    }

    /// Whether its values are as sent.
    var isPlain: Bool {
        if case .derived = source { return false }
        if case .index = source { return false }
        return transform == nil && absent.isEmpty && !isLimitedToNames
    }
}

/// Where a value comes from: a column of an entry's own table, or of one that it joins.
struct ColumnReference: Hashable, Sendable {
    /// The position in the entry's tables: 0 is its own.
    var table: Int
    var column: Int
}

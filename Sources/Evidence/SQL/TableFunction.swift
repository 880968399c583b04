import GRDBSQLite

/// One argument that SQLite hands to a table function: the right-hand side of a constraint.
enum SQLArgument {
    case null
    case number(Double, Int64)
    case text(String)

    var int64: Int64? {
        guard case .number(_, let number) = self else { return nil }
        return number
    }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
}

/// Where a column's value goes.
@safe struct SQLResult {
    private let context: OpaquePointer

    init(_ context: OpaquePointer) { unsafe self.context = unsafe context }

    func set(_ value: Int64) { unsafe sqlite3_result_int64(context, value) }
    func set(_ value: Int64?) { if let value { set(value) } else { setNull() } }
    func set(_ value: Double) { unsafe sqlite3_result_double(context, value) }
    func set(_ value: Double?) { if let value { set(value) } else { setNull() } }
    func set(_ value: String) { unsafe sqlite3_result_text(context, value, -1, transient) }
    func set(_ value: String?) { if let value { set(value) } else { setNull() } }
    func setNull() { unsafe sqlite3_result_null(context) }
}

/// The rows of one scan of a table function. A class to be overridden and no protocol: SQLite asks for every column of every
/// row, and finding a conformance each time cost more than all the unpacking.
class TableCursor {
    /// Starts a scan: which constraints apply (bits of `TableFunction.constraints`) and their arguments in that order.
    func filter(_ constraints: UInt32, _ arguments: [SQLArgument]) throws(SQLFailure) {}
    func next() throws(SQLFailure) {}
    var isAtEnd: Bool { true }
    func column(_ column: Int, _ result: SQLResult) { result.setNull() }
}

/// A table that SQLite reads row by row from code (an eponymous-only virtual table, sqlite.org/vtab.html §2.1.2), so that
/// packed evidence is plain SQL and a `WHERE` reaches down to the rows that are unpacked.
///
/// Safe to share: it never changes after it was made.
final class TableFunction: Sendable {
    /// A comparison of a column that the table can make use of; `isExact` says that SQLite need not compare again.
    struct Constraint: Sendable {
        var column: Int32
        var operators: [Int32]
        var isExact: Bool
    }

    let name: String
    /// `CREATE TABLE x(…)` with the columns.
    let declaration: String
    let constraints: [Constraint]
    /// What a scan costs and how many rows it brings, by the constraints that apply.
    let estimate: @Sendable (UInt32) -> (cost: Double, rows: Int64)
    let open: @Sendable (RawConnection) -> TableCursor

    init(
        name: String, declaration: String, constraints: [Constraint],
        estimate: @escaping @Sendable (UInt32) -> (cost: Double, rows: Int64),
        open: @escaping @Sendable (RawConnection) -> TableCursor
    ) {
        self.name = name
        self.declaration = declaration
        self.constraints = constraints
        self.estimate = estimate
        self.open = open
    }

    /// Makes the table known to a connection.
    func register(_ connection: RawConnection) throws(SQLFailure) {
        let code = unsafe sqlite3_create_module_v2(
            connection.pointer, name, tableModule, Unmanaged.passRetained(self).toOpaque(), releaseTableFunction)
        guard code == SQLITE_OK else { throw unsafe SQLFailure(code, connection.pointer) }
    }

    /// Chooses what SQLite's planner offers that the table can use, each kind once.
    func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) {
        var chosen = [Int32?](repeating: nil, count: constraints.count)
        let offers = unsafe info.pointee.nConstraint
        for place in 0..<offers {
            let offer = unsafe info.pointee.aConstraint[Int(place)]
            guard offer.usable != 0 else { continue }
            let (column, comparison) = (offer.iColumn, Int32(offer.op))
            let kind = constraints.firstIndex { $0.column == column && $0.operators.contains(comparison) }
            if let kind, chosen[kind] == nil { chosen[kind] = place }
        }
        var mask: UInt32 = 0
        var argument: Int32 = 0
        for (kind, place) in chosen.enumerated() {
            guard let place else { continue }
            argument += 1
            mask |= 1 << UInt32(kind)
            let omit: UInt8 = constraints[kind].isExact ? 1 : 0
            let usage = sqlite3_index_constraint_usage(argvIndex: argument, omit: omit)
            unsafe info.pointee.aConstraintUsage[Int(place)] = usage
        }
        let (cost, rows) = estimate(mask)
        unsafe info.pointee.idxNum = Int32(bitPattern: mask)
        unsafe info.pointee.estimatedCost = cost
        unsafe info.pointee.estimatedRows = rows
    }
}

import Campus
import GRDBSQLite

/// A read-only connection of its own for queries that people wrote: behind the authoriser, with limits.
@safe struct QueryConnection: ~Copyable {
    private let connection: OpaquePointer
    private let path: String
    private let rules = QueryGuard()

    private init(owning pointer: OpaquePointer, path: String) {
        unsafe connection = unsafe pointer
        self.path = path
    }

    static func open(_ path: String) throws(EvidenceError) -> QueryConnection {
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard let pointer = unsafe opened else { throw .cannotOpen(path: path, reason: "out of memory") }
        let owner = unsafe QueryConnection(owning: pointer, path: path)
        do throws(SQLFailure) {
            guard code == SQLITE_OK else { throw unsafe SQLFailure(code, pointer) }
            try owner.prepare()
        } catch {
            throw EvidenceError(code: error.code, message: error.message, path: path)
        }
        return owner
    }

    private func prepare() throws(SQLFailure) {
        unsafe sqlite3_extended_result_codes(connection, 1)
        unsafe sqlite3_busy_timeout(connection, 2000)
        unsafe _disableDoubleQuotedStringLiterals(connection)
        let raw = unsafe RawConnection(connection)
        for function in TableFunction.all { try function.register(raw) }
        try Percentile.register(raw)
        unsafe QueryConnection.limit(connection)
        unsafe rules.install(connection)
    }

    deinit { unsafe sqlite3_close_v2(connection) }

    /// A statement that a person wrote needs a thousandth of these.
    private static func limit(_ connection: OpaquePointer) {
        let limits = [
            (SQLITE_LIMIT_SQL_LENGTH, 200_000), (SQLITE_LIMIT_COLUMN, 200), (SQLITE_LIMIT_EXPR_DEPTH, 200),
            (SQLITE_LIMIT_COMPOUND_SELECT, 50), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
            (SQLITE_LIMIT_VDBE_OP, 250_000), (SQLITE_LIMIT_FUNCTION_ARG, 100), (SQLITE_LIMIT_WORKER_THREADS, 0),
        ]
        for (name, value) in limits { unsafe sqlite3_limit(connection, name, Int32(value)) }
    }

    /// Runs one SELECT to its end or to its limits.
    mutating func select(_ sql: String, _ parameters: [String: EvidenceValue], _ limits: QueryLimits) throws(EvidenceError)
        -> ResultTable
    {
        unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(clamping: limits.valueBytes))
        rules.deadline = ContinuousClock.now + limits.time
        rules.refusal = nil
        defer { rules.deadline = nil }
        do throws(SQLFailure) {
            let statement = unsafe try RawStatement.only(sql, RawConnection(connection))
            guard unsafe sqlite3_column_count(statement.pointer) > 0, unsafe sqlite3_stmt_readonly(statement.pointer) != 0 else {
                throw SQLFailure(code: SQLITE_AUTH, message: "a statement that returns nothing")
            }
            try bind(parameters, statement)
            return try rows(statement, limits)
        } catch {
            throw told(error, limits)
        }
    }

    private func bind(_ parameters: [String: EvidenceValue], _ statement: borrowing RawStatement) throws(SQLFailure) {
        let count = unsafe sqlite3_bind_parameter_count(statement.pointer)
        for place in stride(from: Int32(1), through: count, by: 1) {
            guard let pointer = unsafe sqlite3_bind_parameter_name(statement.pointer, place) else {
                throw SQLFailure(code: SQLITE_ERROR, message: "parameter ? has no name, write :name")
            }
            let name = String(unsafe String(cString: pointer).dropFirst())
            guard let value = parameters[name] else {
                throw SQLFailure(code: SQLITE_ERROR, message: "parameter :\(name) has no value")
            }
            let code =
                switch value {
                case .null: unsafe sqlite3_bind_null(statement.pointer, place)
                case .integer(let number): unsafe sqlite3_bind_int64(statement.pointer, place, number)
                case .real(let number): unsafe sqlite3_bind_double(statement.pointer, place, number)
                case .text(let text):
                    unsafe sqlite3_bind_text(statement.pointer, place, text, Int32(clamping: text.utf8.count), transient)
                case .blob(let bytes):
                    unsafe sqlite3_bind_blob(statement.pointer, place, bytes, Int32(clamping: bytes.count), transient)
                }
            guard code == SQLITE_OK else { throw unsafe SQLFailure(code, connection) }
        }
    }

    private func rows(_ statement: borrowing RawStatement, _ limits: QueryLimits) throws(SQLFailure) -> ResultTable {
        let count = unsafe sqlite3_column_count(statement.pointer)
        var table = ResultTable(
            columns: (0..<count).map {
                unsafe sqlite3_column_name(statement.pointer, $0).map { unsafe String(cString: $0) } ?? ""
            })
        var bytes = 0
        while try statement.step() {
            guard table.rows.count < limits.rows else { throw SQLFailure(code: SQLITE_FULL, message: "rows") }
            var row: [EvidenceValue] = []
            row.reserveCapacity(Int(count))
            for column in 0..<count { row.append(value(statement, column, &bytes)) }
            guard bytes <= limits.bytes else { throw SQLFailure(code: SQLITE_TOOBIG, message: "bytes") }
            table.rows.append(row)
        }
        return table
    }

    private func value(_ statement: borrowing RawStatement, _ column: Int32, _ bytes: inout Int) -> EvidenceValue {
        bytes += 16
        switch unsafe sqlite3_column_type(statement.pointer, column) {
        case SQLITE_INTEGER: return .integer(statement.integer(column))
        case SQLITE_FLOAT: return .real(statement.real(column))
        case SQLITE_TEXT:
            let text = statement.text(column)
            bytes += text.utf8.count
            return .text(text)
        case SQLITE_BLOB:
            let blob = statement.bytes(column)
            bytes += blob.count
            return .blob(blob)
        default: return .null
        }
    }

    private func told(_ failure: SQLFailure, _ limits: QueryLimits) -> EvidenceError {
        if let refusal = rules.refusal { return .notPermitted(refusal) }
        switch failure.code & 0xff {
        case SQLITE_AUTH: return .notPermitted(failure.message)
        case SQLITE_INTERRUPT: return .tooSlow(limit: limits.time)
        case SQLITE_FULL where failure.message == "rows": return .tooManyRows(limit: limits.rows)
        case SQLITE_TOOBIG: return .tooLarge(limit: failure.message == "bytes" ? limits.bytes : limits.valueBytes)
        default: return EvidenceError(code: failure.code, message: failure.message, path: path)
        }
    }
}

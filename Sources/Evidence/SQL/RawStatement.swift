import GRDBSQLite

/// A result code of SQLite with its message.
struct SQLFailure: Error {
    var code: Int32
    var message: String

    init(_ code: Int32, _ connection: OpaquePointer) {
        self.code = code
        message = unsafe String(cString: sqlite3_errmsg(connection))
    }

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }
}

/// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns. The header says it in a cast that Swift cannot import.
nonisolated(unsafe) let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A connection that somebody else owns and keeps open for longer than this is used.
@safe struct RawConnection {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }
}

/// Owns a prepared statement of a connection that outlives it.
@safe struct RawStatement: ~Copyable {
    let pointer: OpaquePointer
    private let connection: OpaquePointer

    init(_ connection: RawConnection, _ sql: String) throws(SQLFailure) {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(connection.pointer, sql, -1, &statement, nil)
        guard code == SQLITE_OK else { throw unsafe SQLFailure(code, connection.pointer) }
        guard let statement = unsafe statement else { throw SQLFailure(code: SQLITE_MISUSE, message: "empty statement") }
        unsafe pointer = unsafe statement
        unsafe self.connection = unsafe connection.pointer
    }

    private init(owning statement: OpaquePointer, _ connection: RawConnection) {
        unsafe pointer = unsafe statement
        unsafe self.connection = unsafe connection.pointer
    }

    /// The one statement of a text; SQLite itself would silently ignore what stands behind the first.
    static func only(_ sql: String, _ connection: RawConnection) throws(SQLFailure) -> RawStatement {
        guard !sql.utf8.contains(0) else { throw SQLFailure(code: SQLITE_ERROR, message: "NUL byte in the statement") }
        var statement: OpaquePointer?
        var rest = ""
        let code = unsafe sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v2(connection.pointer, text, -1, &statement, &tail)
            if let tail = unsafe tail { rest = unsafe String(cString: tail) }
            return code
        }
        guard code == SQLITE_OK else { throw unsafe SQLFailure(code, connection.pointer) }
        guard let pointer = unsafe statement else { throw SQLFailure(code: SQLITE_ERROR, message: "empty statement") }
        let owner = unsafe RawStatement(owning: pointer, connection)
        guard isBlank(rest, connection) else { throw SQLFailure(code: SQLITE_AUTH, message: "more than one statement") }
        return owner
    }

    /// Whether nothing but white space and comments is left.
    private static func isBlank(_ rest: String, _ connection: RawConnection) -> Bool {
        if rest.utf8.allSatisfy({ $0 <= 32 }) { return true }
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(connection.pointer, rest, -1, &statement, nil)
        unsafe sqlite3_finalize(statement)
        return unsafe code == SQLITE_OK && statement == nil
    }

    deinit { unsafe sqlite3_finalize(pointer) }

    func bind(_ value: Int64, at place: Int32) { unsafe sqlite3_bind_int64(pointer, place, value) }
    func bind(_ value: String, at place: Int32) { unsafe sqlite3_bind_text(pointer, place, value, -1, transient) }

    /// Makes it ready to be bound and run again.
    func reset() { unsafe sqlite3_reset(pointer) }

    /// True with a row, false at the end.
    func step() throws(SQLFailure) -> Bool {
        switch unsafe sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw unsafe SQLFailure(code, connection)
        }
    }

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL }
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(pointer, column) }
    func real(_ column: Int32) -> Double { unsafe sqlite3_column_double(pointer, column) }

    func text(_ column: Int32) -> String {
        guard let bytes = unsafe sqlite3_column_text(pointer, column) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(pointer, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

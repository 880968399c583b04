import Campus
import GRDBSQLite

/// What a running query may do and until when; SQLite's callbacks read it, one query at a time.
final class QueryGuard {
    var deadline: ContinuousClock.Instant?
    /// What the authoriser refused first.
    var refusal: String?

    /// Functions that reach outside of the database or change the connection.
    private static let forbidden: Set<String> = [
        "load_extension", "readfile", "writefile", "edit", "fsdir", "fts3_tokenizer", "sqlite_log",
    ]
    /// Pragmas that only tell.
    private static let allowedPragmas: Set<String> = ["table_info", "table_xinfo", "table_list"]

    /// Reading tables, calling functions and nothing else (sqlite.org/c3ref/set_authorizer.html).
    func allows(_ action: Int32, _ first: String?, _ second: String?) -> Bool {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return true
        case SQLITE_FUNCTION where !QueryGuard.forbidden.contains(second?.lowercased() ?? ""): return true
        case SQLITE_PRAGMA where QueryGuard.allowedPragmas.contains(first?.lowercased() ?? ""): return true
        // SQLite asks this when it learns the columns of a table function; a real change of the schema fails all the same, for
        // the connection is read-only and `sqlite_master` may not be modified.
        case SQLITE_UPDATE where first == "sqlite_master": return true
        default:
            if refusal == nil { refusal = QueryGuard.name(action, first, second) }
            return false
        }
    }

    private static func name(_ action: Int32, _ first: String?, _ second: String?) -> String {
        switch action {
        case SQLITE_FUNCTION: "the function \(second ?? "")"
        case SQLITE_PRAGMA: "PRAGMA \(first ?? "")"
        case SQLITE_ATTACH: "ATTACH"
        case SQLITE_DETACH: "DETACH"
        case SQLITE_INSERT: "writing to \(first ?? "")"
        case SQLITE_UPDATE: "changing \(first ?? "")"
        case SQLITE_DELETE: "deleting from \(first ?? "")"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "a transaction"
        default: "anything but SELECT"
        }
    }

    var isOverdue: Bool { deadline.map { ContinuousClock.now > $0 } ?? false }

    /// Installs both callbacks; the connection must be closed before the guard goes.
    func install(_ connection: OpaquePointer) {
        let user = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sqlite3_set_authorizer(connection, authoriseQuery, user)
        unsafe sqlite3_progress_handler(connection, 2000, interruptQuery, user)
    }
}

@c private func authoriseQuery(
    _ user: UnsafeMutableRawPointer?, _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?,
    _ database: UnsafePointer<CChar>?, _ trigger: UnsafePointer<CChar>?
) -> CInt {
    guard let user = unsafe user else { return SQLITE_DENY }
    if action == SQLITE_READ || action == SQLITE_SELECT { return SQLITE_OK }
    let query = unsafe Unmanaged<QueryGuard>.fromOpaque(user).takeUnretainedValue()
    let texts = unsafe (first.map { unsafe String(cString: $0) }, second.map { unsafe String(cString: $0) })
    return query.allows(action, texts.0, texts.1) ? SQLITE_OK : SQLITE_DENY
}

@c private func interruptQuery(_ user: UnsafeMutableRawPointer?) -> CInt {
    guard let user = unsafe user else { return 1 }
    return unsafe Unmanaged<QueryGuard>.fromOpaque(user).takeUnretainedValue().isOverdue ? 1 : 0
}

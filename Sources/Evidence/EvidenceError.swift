import Campus

/// Why the evidence store could not do what was asked: the thing, the reason and the remedy.
package enum EvidenceError: Error, Hashable, Sendable {
    /// The database or its directory cannot be written.
    case readOnly(path: String)
    /// No room is left; nothing of the transaction was stored, and writing works again when there is room.
    case diskFull(path: String)
    /// The file is no database, or SQLite found its pages inconsistent.
    case corrupt(path: String, reason: String)
    /// The database cannot be opened: no such directory, no permission, written by a newer version.
    case cannotOpen(path: String, reason: String)
    /// Another process holds the database for longer than the busy timeout.
    case busy(path: String)
    /// A query asked for something other than reading evidence.
    case notPermitted(String)
    /// A query ran longer than its limit.
    case tooSlow(limit: Duration)
    /// A query returned more rows than its limit.
    case tooManyRows(limit: Int)
    /// A query's result has more bytes, or one longer value, than its limit.
    case tooLarge(limit: Int)
    /// SQLite refused the statement: a syntax error, an unknown column, a missing parameter.
    case sql(String)
}

extension EvidenceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .readOnly(let path):
            "\(path): cannot be written: give the daemon's user write permission on the file and its directory"
        case .diskFull(let path):
            "\(path): no room left on the disk: free space or shorten store.keep; evidence is lost until then"
        case .corrupt(let path, let reason):
            "\(path): damaged (\(reason)): move it away and restore a backup, or start with an empty store"
        case .cannotOpen(let path, let reason):
            "\(path): cannot be opened (\(reason)): check store.path and the directory's permissions"
        case .busy(let path):
            "\(path): in use by another process: stop the other writer and try again"
        case .notPermitted(let what):
            "query: \(what) is not permitted: queries may only read the tables of the evidence reference"
        case .tooSlow(let limit):
            "query: still running after \(limit.inSeconds) s: narrow it by device, metric or time"
        case .tooManyRows(let limit):
            "query: more than \(limit) rows: aggregate, or add a LIMIT"
        case .tooLarge(let limit):
            "query: more than \(limit) bytes in a value or in all: select fewer columns or rows"
        case .sql(let message):
            "query: \(message): see the evidence reference for tables and columns"
        }
    }
}

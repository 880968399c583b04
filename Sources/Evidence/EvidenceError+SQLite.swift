import GRDB
import Glibc

extension EvidenceError {
    /// What GRDB threw, said for the person who must act.
    init(_ error: any Error, path: String) {
        if let error = error as? EvidenceError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .sql("\(error)")
            return
        }
        self.init(code: error.extendedResultCode.rawValue, message: error.message ?? "\(error.resultCode)", path: path)
    }

    /// A result code of SQLite, extended or not.
    init(code: Int32, message: String, path: String) {
        switch ResultCode(rawValue: code & 0xff) {
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
        case .SQLITE_FULL: self = .diskFull(path: path)
        // The shared-memory index of the write-ahead log could not grow: sqlite3_shm has no other reason than room.
        case .SQLITE_IOERR where code == ResultCode.SQLITE_IOERR_SHMSIZE.rawValue: self = .diskFull(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, reason: message)
        case .SQLITE_CANTOPEN, .SQLITE_IOERR: self = EvidenceError.opening(path: path, reason: message)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_TOOBIG: self = .sql("a value is larger than SQLite allows (\(message))")
        default: self = .sql(message)
        }
    }

    /// SQLite says "unable to open" for many reasons; the directory tells which.
    private static func opening(path: String, reason: String) -> EvidenceError {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let place = directory.isEmpty ? "/" : directory
        if unsafe access(place, F_OK) != 0 { return .cannotOpen(path: path, reason: "no such directory") }
        if unsafe access(place, W_OK) != 0 { return .readOnly(path: path) }
        return .cannotOpen(path: path, reason: reason)
    }
}

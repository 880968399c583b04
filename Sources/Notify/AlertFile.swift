import Foundation

/// The alert log's file: appends whole lines durably, reads back line by line, cuts a torn tail.
struct AlertFile: ~Copyable {
    let path: String
    private let handle: FileHandle
    /// Bytes of whole lines; what follows was torn.
    private(set) var size: UInt64

    /// Opens the file, and makes it (0640) when there is none.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o640]) else {
                throw AlertLogError.cannotWrite(path: path, reason: "it cannot be created")
            }
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw AlertLogError.cannotWrite(path: path, reason: "no permission to read and write it")
        }
        let end = try handle.seekToEnd()
        self.path = path
        self.handle = handle
        size = end
    }

    deinit { try? handle.close() }

    /// Appends `lines` and waits until the disk has them.
    mutating func append(_ lines: [String]) throws {
        var bytes = Data()
        for line in lines {
            bytes.append(contentsOf: line.utf8)
            bytes.append(0x0A)
        }
        do {
            try handle.seek(toOffset: size)
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
        } catch {
            try? handle.truncate(atOffset: size)
            throw AlertLogError.cannotWrite(path: path, reason: "\(error)")
        }
        size += UInt64(bytes.count)
    }

    /// Drops everything after `size` bytes.
    mutating func truncate(to size: UInt64) throws {
        try handle.truncate(atOffset: size)
        try handle.synchronize()
        self.size = size
    }
}

/// Reads a file line by line without holding more than one line and one block.
struct AlertLines: ~Copyable {
    /// A line longer than this was not written by us.
    private static let longestLine = 1 << 20
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw AlertLogError.cannotRead(path: path) }
        self.handle = handle
    }

    deinit { try? handle.close() }

    /// The next line without its newline, and whether a newline ended it; nil at the end of the file.
    mutating func next() throws -> (bytes: [UInt8], isWhole: Bool)? {
        while true {
            if let end = buffer[start...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return (Array(buffer[start..<end]), true)
            }
            if isAtEnd || buffer.count - start > Self.longestLine {
                let rest = Array(buffer[start...])
                start = buffer.count
                return rest.isEmpty ? nil : (rest, false)
            }
            let block = try handle.read(upToCount: 1 << 16) ?? Data()
            isAtEnd = block.isEmpty
            buffer = Array(buffer[start...]) + block
            start = 0
        }
    }
}

/// What stands in the way of the alert log, and what to do.
package enum AlertLogError: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String)

    package var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "\(path): the alert log cannot be written (\(reason)): check the folder, its rights and free space; the store keeps every event"
        case .cannotRead(let path): "\(path): the alert log cannot be read: check that it exists and its rights"
        }
    }
}

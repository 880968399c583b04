import Foundation
package import Logging

/// Writes log lines to standard error: `<6>polling: device up device=core-1` under the journal, with time and level elsewhere.
package struct LineLog: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level = .info
    private let label: String
    /// Whether standard error is the journal, which adds the time itself and reads the level from `<n>` (sd-daemon(3)).
    private let isJournal: Bool
    private let write: @Sendable (String) -> Void

    package init(label: String, isJournal: Bool, write: @escaping @Sendable (String) -> Void = LineLog.writeToStandardError) {
        self.label = label
        self.isJournal = isJournal
        self.write = write
    }

    /// The same log under the name of one part.
    package func labelled(_ label: String) -> LineLog {
        var log = LineLog(label: label, isJournal: isJournal, write: write)
        (log.logLevel, log.metadata) = (logLevel, metadata)
        return log
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        var line = isJournal ? "<\(LineLog.priority(event.level))>" : "\(LineLog.clock()) \(event.level.rawValue) "
        line += "\(label): \(LineLog.oneLine("\(event.message)"))"
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) where "\(value)" != "" {
            line += " \(key)=\(LineLog.quoted("\(value)"))"
        }
        if let error = event.error { line += " error=\(LineLog.quoted("\(error)"))" }
        write(line + "\n")
    }

    /// RFC 5424 numbers.
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// A value on one line, in quotes where it would not read as one word.
    private static func quoted(_ text: String) -> String {
        let line = oneLine(text)
        guard line.isEmpty || line.contains(where: { " \"=".contains($0) }) else { return line }
        return "\"\(line.replacing("\"", with: "'"))\""
    }

    /// Device names and descriptions reach the log: no line of theirs may start a new one or carry an escape sequence.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) }) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) ? "·" : $0 }))
    }

    private static func clock() -> String {
        let text = Date.now.formatted(.iso8601)
        return text.replacing("T", with: " ").replacing("Z", with: "")
    }

    /// One write a line, so that lines of several threads do not mix.
    package static func writeToStandardError(_ line: String) {
        // A reader that has gone must not take the daemon with it.
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

import Foundation

/// Standard output and standard error, one line of complaint at a time.
enum Terminal {
    /// A reader that has gone (`campanile … | head`) ends the command quietly.
    static func write(_ text: String) { write(bytes: Array(text.utf8)) }

    static func write(bytes: [UInt8]) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            exit(0)
        }
    }

    /// `campanile: thing: reason: remedy`, on one line whatever the words hold.
    static func complain(_ text: String) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        try? FileHandle.standardError.write(contentsOf: Data("campanile: \(line)\n".utf8))
    }

    /// Whether a person reads, who may see colours (no-color.org).
    static var hasColour: Bool {
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
            && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    enum Colour: String { case red = "31", yellow = "33", green = "32", grey = "90" }

    static func coloured(_ text: String, _ colour: Colour?) -> String {
        guard let colour, hasColour else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }
}

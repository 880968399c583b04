/// Why a command did not do what was asked, with its exit status: the thing, the reason, the remedy, in one line.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    /// 1: it ran, and the answer is no.
    static func no(_ text: String) -> CommandFailure { CommandFailure(description: text, status: 1) }
    /// 2: it was asked wrongly.
    static func usage(_ text: String) -> CommandFailure { CommandFailure(description: text, status: 2) }
    /// 3: it could not run.
    static func cannotRun(_ text: String) -> CommandFailure { CommandFailure(description: text, status: 3) }
}

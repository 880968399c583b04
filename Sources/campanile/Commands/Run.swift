import Agent
import ArgumentParser
import Foundation
import Logging

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Watch the campus until told to stop.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        // A terminal or pipe that closes must not end the daemon.
        signal(SIGPIPE, SIG_IGN)
        let (settings, definitions) = try options.everything(.required)
        let logger = Log.daemon(settings.logLevel)
        let agent: Agent
        do {
            agent = try Agent(settings: settings, definitions: definitions, logger: logger) { line in
                try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
            }
        } catch {
            throw CommandFailure.cannotRun("\(error)")
        }
        try await agent.run()
    }
}

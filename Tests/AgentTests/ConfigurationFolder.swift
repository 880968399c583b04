import Agent
import Definitions
import Foundation

/// A folder with configuration files that is gone after the test.
final class ConfigurationFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "campanile-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func load(_ secrets: AgentSettings.Secrets = .required, environment: [String: String] = [:]) -> (
        settings: AgentSettings, told: [String]
    ) {
        let (settings, problems) = AgentSettings.load(path: path + "/campanile.yaml", secrets: secrets, environment: environment)
        return (settings, problems.map { $0.description.replacing(path + "/", with: "") })
    }

    /// What loading `yaml` alone tells.
    static func told(_ yaml: String) throws -> [String] {
        let folder = try ConfigurationFolder()
        try folder.write("campanile.yaml", yaml)
        return folder.load().told
    }
}

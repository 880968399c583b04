import Foundation

extension DefinitionFiles {
    /// Every `.yaml` in the folder `folder` of each of `directories` that has one.
    package static func yaml(below directories: [String], folder: String, problems: Problems) -> [String] {
        directories.map { $0 + "/" + folder }.filter { FileManager.default.fileExists(atPath: $0) }
            .flatMap { yaml(below: $0, problems: problems) }
    }
}

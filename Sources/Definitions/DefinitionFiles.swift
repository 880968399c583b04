import Foundation

/// YAML files below a folder.
package enum DefinitionFiles {
    /// Every `.yaml` below `directory`, sorted by path; a folder that cannot be read is one problem.
    package static func yaml(below directory: String, problems: Problems) -> [String] {
        // `subpaths` does not follow a link that is given to it.
        let target = URL(filePath: directory).resolvingSymlinksInPath().path
        guard let paths = FileManager.default.subpaths(atPath: target) else {
            problems.add(
                Problem(
                    file: directory, line: 1, column: 1, what: "the folder cannot be read",
                    remedy: "check that it exists and its rights"))
            return []
        }
        return paths.filter { $0.hasSuffix(".yaml") }.sorted().map { directory + "/" + $0 }
    }

    /// The documents of one file; what is wrong with it goes to `problems`.
    package static func documents(of path: String, problems: Problems) -> [Element] {
        guard let data = FileManager.default.contents(atPath: path) else {
            problems.add(
                Problem(
                    file: path, line: 1, column: 1, what: "the file cannot be read", remedy: "check that it exists and its rights"
                ))
            return []
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            problems.add(Problem(file: path, line: 1, column: 1, what: "the file is not UTF-8", remedy: "save it as UTF-8"))
            return []
        }
        do {
            return try Element.documents(in: text, file: path)
        } catch {
            problems.add(error)
            return []
        }
    }
}

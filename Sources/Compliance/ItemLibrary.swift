package import Campus
package import Definitions

/// The 等保 items that the agent can judge.
package struct ItemLibrary: Sendable {
    /// Sorted by clause.
    package private(set) var items: [ComplianceItem] = []

    package init() {}

    /// Reads `dengbao/*.yaml` below each of `directories` that has such a folder; a later item replaces an earlier one.
    package static func load(directories: [String], problems: Problems) -> ItemLibrary {
        var items: [String: ComplianceItem] = [:]
        for path in DefinitionFiles.yaml(below: directories, folder: "dengbao", problems: problems) {
            for document in DefinitionFiles.documents(of: path, problems: problems) {
                if let item = ItemReader(document, problems: problems).item() { items[item.id] = item }
            }
        }
        var library = ItemLibrary()
        library.items = items.values.sorted { $0.id < $1.id }
        return library
    }

    /// Has `columns` prepare each item's SQL, as `RuleLibrary.check` does.
    package func check(columns: (QueryText) throws -> [String], problems: Problems) {
        for item in items {
            do {
                let asked = item.reasons.values.reduce(into: Set<String>()) { $0.formUnion($1.columns) }
                let mistakes = QueryText.mistakes(
                    columns: try columns(QueryText(item.select)), required: ["subject", "outcome"], placeholders: asked)
                for mistake in mistakes {
                    problems.add(item.place.problem("`\(item.id)`: \(mistake.what)", remedy: mistake.remedy))
                }
            } catch {
                problems.add(item.place.problem("the query of `\(item.id)` cannot run: \(error)", remedy: "correct the SQL"))
            }
        }
    }

    /// The items that apply at 等保 level 2 or 3.
    package func items(level: Int) -> [ComplianceItem] { items.filter { $0.levels.contains(level) } }

    /// The item of a clause, by its level 3 id or its level 2 id.
    package func item(_ clause: String) -> ComplianceItem? { items.first { $0.id == clause || $0.level2ID == clause } }
}

package import Campus
package import Definitions

/// The indicators that the agent can compute.
package struct IndicatorLibrary: Sendable {
    /// Sorted by id.
    package private(set) var indicators: [Indicator] = []

    package init() {}

    /// Reads `indicators/*.yaml` below each of `directories` that has such a folder; a later one replaces an earlier one.
    package static func load(directories: [String], problems: Problems) -> IndicatorLibrary {
        var indicators: [String: Indicator] = [:]
        for path in DefinitionFiles.yaml(below: directories, folder: "indicators", problems: problems) {
            for document in DefinitionFiles.documents(of: path, problems: problems) {
                if let indicator = IndicatorReader(document, problems: problems).indicator() {
                    indicators[indicator.id] = indicator
                }
            }
        }
        var library = IndicatorLibrary()
        library.indicators = indicators.values.sorted { $0.id < $1.id }
        return library
    }

    /// Has `columns` prepare each indicator's SQL, as `RuleLibrary.check` does.
    package func check(columns: (QueryText) throws -> [String], problems: Problems) {
        for indicator in indicators {
            do {
                let given = try columns(QueryText(indicator.select))
                for mistake in QueryText.mistakes(columns: given, required: IndicatorRow.columns, placeholders: []) {
                    problems.add(indicator.place.problem("`\(indicator.id)`: \(mistake.what)", remedy: mistake.remedy))
                }
            } catch {
                problems.add(
                    indicator.place.problem("the query of `\(indicator.id)` cannot run: \(error)", remedy: "correct the SQL"))
            }
        }
    }

    package func indicator(_ id: String) -> Indicator? { indicators.first { $0.id == id } }
}

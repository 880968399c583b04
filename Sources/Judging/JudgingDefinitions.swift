import Campus
package import Compliance
package import Definitions
package import Evidence
package import Indicators
package import Rules

/// Everything that judging reads from files: rules, 等保 items, indicators.
package struct JudgingDefinitions: Sendable {
    package var rules: RuleLibrary
    package var items: ItemLibrary
    package var indicators: IndicatorLibrary

    package init(
        rules: RuleLibrary = RuleLibrary(), items: ItemLibrary = ItemLibrary(), indicators: IndicatorLibrary = IndicatorLibrary()
    ) {
        self.rules = rules
        self.items = items
        self.indicators = indicators
    }

    /// Reads all three from the same base directories: the shipped `Rules`, then the administrator's `rules.d`.
    package static func load(
        directories: [String], overrides: RuleOverrides = RuleOverrides(), problems: Problems
    ) -> JudgingDefinitions {
        JudgingDefinitions(
            rules: .load(directories: directories, overrides: overrides, problems: problems),
            items: .load(directories: directories, problems: problems),
            indicators: .load(directories: directories, problems: problems))
    }

    /// Prepares every query against `store` (an empty temporary one will do) without running it, and tells what is wrong.
    package func check(against store: EvidenceStore, problems: Problems) {
        let columns: (QueryText) throws -> [String] = { query in
            let nothing = Dictionary(uniqueKeysWithValues: query.parameters.map { ($0, EvidenceValue.null) })
            return try store.select("SELECT * FROM (\n\(query.sql)\n) LIMIT 0", parameters: nothing).columns
        }
        rules.check(columns: columns, problems: problems)
        items.check(columns: columns, problems: problems)
        indicators.check(columns: columns, problems: problems)
    }
}

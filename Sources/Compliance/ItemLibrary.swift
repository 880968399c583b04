package import Campus
package import Definitions

/// The 等保 items that the agent can judge.
package struct ItemLibrary: Sendable {
    package var items: [ComplianceItem] = []

    package init() {}

    /// Reads `dengbao/*.yaml` below each of `directories`.
    package static func load(directories: [String], problems: Problems) -> ItemLibrary { ItemLibrary() }

    package func check(columns: (_ sql: String, _ parameters: Set<String>) throws -> [String], problems: Problems) {}

    /// The items that apply at 等保 level 2 or 3.
    package func items(level: Int) -> [ComplianceItem] { items.filter { $0.levels.contains(level) } }
}

package struct ComplianceItem: Sendable {
    /// The catalogue's id, a clause of GB/T 22239-2019 level 3: `8.1.2.1-b`.
    package var id: String
    /// The matching level 2 clause; nil when the item exists only at level 3.
    package var level2ID: String?
    package var levels: [Int]
}

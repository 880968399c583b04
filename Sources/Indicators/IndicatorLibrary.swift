package import Campus
package import Definitions

/// The indicators that the agent can compute.
package struct IndicatorLibrary: Sendable {
    package var indicators: [Indicator] = []

    package init() {}

    /// Reads `indicators/*.yaml` below each of `directories`.
    package static func load(directories: [String], problems: Problems) -> IndicatorLibrary { IndicatorLibrary() }

    package func check(columns: (_ sql: String, _ parameters: Set<String>) throws -> [String], problems: Problems) {}

    package func indicator(_ id: String) -> Indicator? { indicators.first { $0.id == id } }
}

package struct Indicator: Sendable {
    package var id: String
    package var name: Bilingual
    package var unit: String
}

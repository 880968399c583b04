package import Campus
package import Definitions

/// All rules, as shipped, as the administrator added to them and as the configuration overrides them.
package struct RuleLibrary: Sendable {
    /// Sorted by id.
    package var rules: [Rule] = []
    /// The vocabulary of observations, by class.
    package var classes: [String: ObservationClass] = [:]

    package init() {}

    /// Reads every rule below `directories` (`Rules`, `/etc/campanile/rules.d`) except their folders `dengbao` and
    /// `indicators`; a later directory replaces a rule of the same id. Every mistake goes to `problems`.
    package static func load(directories: [String], overrides: RuleOverrides = RuleOverrides(), problems: Problems) -> RuleLibrary {
        RuleLibrary()
    }

    /// Asks `columns` to prepare each rule's SQL; it answers with the column names or throws what is wrong. Placeholders
    /// and required columns that the SQL does not give become problems.
    package func check(columns: (_ sql: String, _ parameters: Set<String>) throws -> [String], problems: Problems) {}

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }

    /// Settings of one detector as its rule gives them: `port_scan` → `["ports": 20, …]`; empty when no rule names it.
    package func detectorSettings(_ observationClass: String) -> [String: ColumnValue] {
        rules.first { $0.detector?.observationClass == observationClass }?.detector?.settings ?? [:]
    }
}

/// A line of `Rules/detection/classes.tsv`.
package struct ObservationClass: Hashable, Sendable {
    package var id: String
    package var severity: Severity
    package var title: Bilingual
}

/// What the configuration says of rules: `rules: {disable: […], set: {…}}`.
package struct RuleOverrides: Sendable {
    package var disable: [String: Rule.Disabled] = [:]
    package var set: [String: [String: ColumnValue]] = [:]
    var places: [String: Element] = [:]

    package init() {}

    /// Reads the `rules` mapping; `midnight` says when a day ends at the site (`until` is inclusive).
    package init(_ reader: Reader, dayEnd: (CivilDate) -> Timestamp) {}
}

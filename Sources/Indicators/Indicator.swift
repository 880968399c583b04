package import Campus
package import Definitions

/// A figure of the catalogue: what it is, how it is computed, and the query that returns its parts.
package struct Indicator: Sendable {
    package var id: String
    package var name: Bilingual
    /// 校园网络运维与安全管理, …: the area of the benchmark-school subjects.
    package var area: String
    package var priority: String
    package var unit: String
    package var direction: Direction
    package var periods: [Period.Kind]
    package var version: String
    package var definition: Definition
    /// A target that a source names, with its origin; nil where none does.
    package var target: Target?
    /// Our own proposal, to be labelled so.
    package var suggestedThreshold: String?
    /// `value = numerator / denominator × scale`; a count or mean without a ratio has the denominator 1 or its own.
    package var scale: Double
    package var parameters: [String: ColumnValue]
    /// The evidence tables it reads.
    package var sources: [String]
    /// SQL that returns one row a scope: `scope`, `numerator`, `denominator`, `valid_samples`, `expected_samples`.
    package var select: String
    package var notes: String
    package var place: Element

    package enum Direction: String, CaseIterable, Sendable {
        case higherBetter = "higher_better"
        case lowerBetter = "lower_better"
        case inRange = "in_range"
        case informational
        case zeroIsTarget = "zero_is_target"
    }

    /// The catalogue's words on how the figure comes about.
    package struct Definition: Hashable, Sendable {
        package var formula: String
        package var numerator: String
        package var denominator: String
        package var sample: String
        package var gaps: String
    }

    package struct Target: Hashable, Sendable {
        package var value: String
        package var origin: String
        package var certainty: String
    }

    /// What the assessor binds for every indicator, besides its own parameters: the period's bounds and now in UTC
    /// milliseconds (the end of the observable span is the earlier of `:period_end` and `:now`), and the zone's offset.
    package static let boundParameters: Set<String> = ["period_start", "period_end", "now", "utc_offset_ms"]
}

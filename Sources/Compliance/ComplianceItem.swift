package import Campus
package import Definitions

/// One requirement of GB/T 22239-2019 with the query that proves it and the words for each outcome.
package struct ComplianceItem: Sendable {
    /// The catalogue's id: the clause at level 3, `8.1.2.1-b`.
    package var id: String
    /// The matching level 2 clause; nil when the item exists only at level 3.
    package var level2ID: String?
    package var levels: [Int]
    package var version: String
    /// 安全通信网络, Communication network.
    package var layer: Bilingual
    /// 网络架构, Network architecture.
    package var controlPoint: Bilingual
    /// In our own words, not the standard's.
    package var requirement: Bilingual
    package var mode: Mode
    /// A high-risk case exists for it (2025 guide or T/ISEAA 001-2020).
    package var isHighRisk: Bool
    /// Unit numbers of GB/T 28448-2019.
    package var unitLevel3: String?
    package var unitLevel2: String?
    package var parameters: [String: ColumnValue]
    /// 0–1: below this share of expected samples an object is undetermined.
    package var minimumCoverage: Double
    /// How old the evidence of an object may be.
    package var freshness: Duration
    /// One row a judged object, as for rules; 7 days of `seen_at` age make it undetermined unless `freshness` says otherwise.
    package var select: String
    /// Why an object is conform, partial, nonconform, not applicable or undetermined.
    package var reasons: [Verdict: BilingualTemplate]
    /// Why the item is undetermined when the query returns nothing.
    package var nothing: Bilingual
    package var runbook: String
    package var place: Element

    /// `automatic`: the agent may decide 符合 alone; `assisted`: a person confirms it; `attested`: a person alone.
    package enum Mode: String, CaseIterable, Sendable { case automatic, assisted, attested }

    /// The clause at an 等保 level.
    package func clause(level: Int) -> String { level == 2 ? level2ID ?? id : id }
}

package import Campus

/// One item judged: the verdict of the worst object, and every object with its own.
package struct Assessment: Sendable {
    package var item: ComplianceItem
    /// The clause at the level that was asked for: `7.1.4.1-c` at level 2.
    package var clause: String
    package var level: Int
    /// An information system's id; empty for the whole site.
    package var system: String
    package var verdict: Verdict
    package var reason: Bilingual
    package var objects: [ItemVerdict]
    package var at: Timestamp
}

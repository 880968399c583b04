package import Campus

/// How the alert log is written.
package struct AlertLogSettings: Sendable {
    /// Seconds east of UTC at an instant, in the site's zone.
    package var offsetSeconds: @Sendable (Timestamp) -> Int = { _ in 8 * 3600 }
    /// `observer.hostname`.
    package var hostname = ""
    /// The language of `message` and `rule.name`.
    package var language: Language = .zh

    package init() {}
}

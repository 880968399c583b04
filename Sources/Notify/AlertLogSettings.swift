package import Campus

/// How the alert log is written.
package struct AlertLogSettings: Hashable, Sendable {
    /// IANA name of the zone that times are written in.
    package var timeZone = "Asia/Shanghai"
    /// `observer.hostname`.
    package var hostname = ""
    /// The language of `message` and `rule.name`.
    package var language: Language = .zh

    package init() {}
}

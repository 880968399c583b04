package import Campus

/// Where the console listens and whom it speaks to.
package struct ConsoleSettings: Sendable {
    /// An address of this host; loopback unless the administrator says otherwise.
    package var host = "127.0.0.1"
    /// 0 lets the system choose one.
    package var port: UInt16 = 8642
    package var siteName = ""
    /// What a page is written in unless its reader chose.
    package var language: Language = .zh
    /// IANA name of the zone in which times are shown.
    package var timeZone = "Asia/Shanghai"
    /// Connections open at a time; more wait.
    package var maximumConnections = 64
    /// A reader that says nothing for so long is disconnected.
    package var idleTimeout: Duration = .seconds(30)

    package init() {}
}

/// Titles of what the evidence tables know by id alone.
package struct ConsoleTitles: Sendable {
    package var items: [String: Bilingual] = [:]
    package var indicators: [String: (title: Bilingual, unit: String)] = [:]

    package init() {}
}

/// One thing that must hold for the agent to be healthy.
package struct HealthCheck: Hashable, Sendable {
    /// `store`, `polling`, `capture eth1`, `judging`.
    package var name: String
    /// Why it does not hold, in English; nil when it does.
    package var problem: String?

    package init(name: String, problem: String? = nil) {
        self.name = name
        self.problem = problem
    }
}

/// What the console asks of the agent whenever somebody looks.
package struct ConsoleSources: Sendable {
    package var health: @Sendable () -> [HealthCheck]
    package var metrics: @Sendable () -> [Metric]

    package init(health: @escaping @Sendable () -> [HealthCheck], metrics: @escaping @Sendable () -> [Metric]) {
        self.health = health
        self.metrics = metrics
    }
}

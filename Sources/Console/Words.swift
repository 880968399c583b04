import Campus

/// The console's words in the reader's language, and how good or bad what they say is.
struct Words: Sendable {
    let language: Language

    func callAsFunction(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    /// A style class beside every word of state, so that neither colour nor word stands alone.
    enum Tone: String { case good, warn, bad, mute }

    func state(_ state: DeviceState) -> (word: String, tone: Tone) {
        switch state {
        case .up: (self("正常", "up"), .good)
        case .snmpSilent: (self("SNMP 无响应", "snmp-silent"), .warn)
        case .unauthorised: (self("认证失败", "unauthorised"), .warn)
        case .down: (self("离线", "down"), .bad)
        case .unknown: (self("未知", "unknown"), .mute)
        }
    }

    func severity(_ severity: Severity) -> (word: String, tone: Tone) {
        switch severity {
        case .info: (self("提示", "info"), .mute)
        case .low: (self("低", "low"), .mute)
        case .medium: (self("中", "medium"), .warn)
        case .high: (self("高", "high"), .bad)
        case .critical: (self("紧急", "critical"), .bad)
        }
    }

    func alertState(_ state: AlertState) -> (word: String, tone: Tone) {
        switch state {
        case .pending: (self("待确认", "pending"), .mute)
        case .firing: (self("告警中", "firing"), .bad)
        case .acknowledged: (self("已受理", "acknowledged"), .warn)
        case .resolved: (self("已恢复", "resolved"), .good)
        case .closed: (self("已关闭", "closed"), .mute)
        }
    }

    func verdict(_ verdict: Verdict) -> (word: String, tone: Tone) {
        let tone: Tone =
            switch verdict {
            case .conform: .good
            case .partial: .warn
            case .nonconform: .bad
            case .notApplicable, .undetermined: .mute
            }
        return (verdict.title.text(language), tone)
    }

    /// `ok`, `partial`, `insufficient`, `not_applicable` of the indicator catalogue.
    func indicatorStatus(_ status: String) -> (word: String, tone: Tone) {
        switch status {
        case "ok": (self("数据完整", "ok"), .good)
        case "partial": (self("部分数据", "partial"), .warn)
        case "not_applicable": (self("不适用", "not applicable"), .mute)
        default: (self("数据不足", "insufficient"), .mute)
        }
    }

    func layer(_ layer: String) -> String {
        guard language == .zh, let layer = Layer(rawValue: layer) else { return layer }
        return switch layer {
        case .core: "核心"
        case .aggregation: "汇聚"
        case .access: "接入"
        case .wireless: "无线"
        case .egress: "出口"
        case .security: "安全"
        case .server: "服务器"
        case .power: "电源"
        case .room: "教室"
        case .endpoint: "终端"
        }
    }
}

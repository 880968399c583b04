import Campus
import Reporting

/// Alerts, 等保 items and indicators: what was concluded.
extension Page {
    var alerts: HTML {
        let rows = snapshot.alerts.map { alert -> HTML in
            """
            <tr><td>\(badge(words.severity(alert.severity)))</td><td>\(badge(words.alertState(alert.state)))</td>\
            <td>\(alert.title.text(language))</td><td class="w">\(alert.message.text(language))<br><span class="sub">\(alert.subject)</span></td>\
            \(moment(alert.startedAt))<td class="n">\(Figures.span(snapshot.at.since(alert.startedAt).inSeconds, language: language))</td>\
            <td>\(alert.dengbao.joined(separator: " "))</td></tr>
            """
        }
        let (shown, all) = (rows.count, snapshot.openAlertCount)
        let note = shown < all ? words("显示 \(shown)，共 \(all)", "\(shown) of \(all)") : rows.isEmpty ? "" : "\(shown)"
        let headings = [
            words("级别", "severity"), words("状态", "state"), words("规则", "rule"), words("内容", "message"), words("开始", "since"),
            words("持续#", "for#"), words("等保", "等保 item"),
        ]
        return section(
            words("未恢复的告警", "Open alerts"), note: note,
            table(headings, rows, ifEmpty: words("没有未恢复的告警。", "No open alert.")))
    }

    var items: HTML {
        let rows = snapshot.items.map { item -> HTML in
            let counts = item.objects.map { "<span class=\"sub\">\(words.verdict($0.verdict).word) \($0.count)</span> " as HTML }
            return """
                <tr><td class="t">\(item.id)</td><td>\(badge(words.verdict(item.verdict)))</td><td class="m">\(item.title.text(language))</td>\
                <td class="w">\(item.reason.text(language))<br>\(counts)</td>\(moment(item.at))</tr>
                """
        }
        let headings = [
            words("条款", "item"), words("判定", "verdict"), words("要求", "requirement"), words("依据", "grounds"), words("时间", "time"),
        ]
        return section(
            words("等级保护", "Classified protection (等保)"), note: "GB/T 22239-2019", isHalf: true,
            table(headings, rows, ifEmpty: words("尚未评估：每小时评估一次。", "Not assessed yet: once an hour.")))
    }

    var indicators: HTML {
        let rows = snapshot.indicators.map { indicator -> HTML in
            let value = indicator.value.map { amount($0, indicator.unit) } ?? ""
            return """
                <tr><td class="w">\(indicator.title.text(language))<br><span class="sub">\(indicator.scope)</span></td>\
                <td class="t">\(indicator.period)</td><td class="n">\(value)</td>\
                \(number(indicator.coverage) { Figures.percent($0 * 100) })<td>\(badge(words.indicatorStatus(indicator.status)))</td></tr>
                """
        }
        let headings = [
            words("指标", "indicator"), words("周期", "period"), words("数值#", "value#"), words("覆盖率#", "coverage#"),
            words("状态", "status"),
        ]
        return section(
            words("指标", "Indicators"), isHalf: true,
            table(headings, rows, ifEmpty: words("尚未计算：每小时计算一次。", "Not computed yet: once an hour.")))
    }

    /// `99.95 %`, `3`, `12 min`: whole numbers without a fraction, counts without a unit, seconds as spans.
    private func amount(_ value: Double, _ unit: String) -> String {
        let digits = Figures.rounded(value, decimals: value.rounded() == value ? 0 : 2)
        switch unit {
        case "count", "": return digits
        case "percent": return "\(digits) %"
        case "s", "seconds", "second": return Figures.span(value, language: language)
        default: return "\(digits) \(unit)"
        }
    }
}

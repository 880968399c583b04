import Campus
import Reporting

/// Devices, interfaces and the figures above them.
extension Page {
    var tiles: HTML {
        let up = snapshot.deviceCounts[.up, default: 0]
        let all = snapshot.deviceCount
        let down = snapshot.deviceCounts[.down, default: 0]
        let firing = snapshot.firingCount
        let worst = snapshot.alerts.filter { $0.state != .pending }.map(\.severity).max()
        let captured = snapshot.captures.map(\.accounting)
        let lost = captured.reduce(UInt64(0)) { $0 &+ $1.kernelDropped &+ $1.ringDropped }
        let seen = captured.reduce(UInt64(0)) { $0 &+ $1.received }
        let share = seen == 0 ? nil : Double(lost) / Double(seen) * 100
        return """
            <div class="tiles">
            \(tile("\(up) / \(all)", words("设备正常", "devices up"), all == 0 ? .mute : down > 0 ? .bad : up < all ? .warn : .good))
            \(tile("\(snapshot.interfacesUp) / \(snapshot.interfaceCount)", words("接口启用", "interfaces up"), .mute))
            \(tile("\(firing)", words("未恢复告警", "open alerts"), firing == 0 ? .good : (worst ?? .info) >= .high ? .bad : .warn))
            \(tile(snapshot.lastMinute.map { Figures.bitRate($0.bitRate) } ?? "–", words("上一分钟流量", "traffic, last minute"), .mute))
            \(tile(Figures.count(Int64(clamping: captured.reduce(UInt64(0)) { $0 &+ $1.analysed })), words("已分析数据包", "packets analysed"), .mute))
            \(tile(share.map { "\(Figures.rounded($0, decimals: 2)) %" } ?? "–", words("丢包（抓包）", "lost in capture"), share == nil ? .mute : (share ?? 0) > 1 ? .bad : (share ?? 0) > 0 ? .warn : .good))
            </div>
            """
    }

    private func tile(_ figure: String, _ caption: String, _ tone: Words.Tone) -> HTML {
        "<div class=\"tile \(tone.rawValue)\"><b>\(figure)</b><span>\(caption)</span></div>"
    }

    var devices: HTML {
        let rows = snapshot.devices.map { device -> HTML in
            """
            <tr><td>\(badge(words.state(device.state)))</td><td>\(device.name)<br><span class="sub">\(device.address)</span></td>\
            <td>\(words.layer(device.layer))</td><td>\(device.place)</td><td>\(device.model)</td>\(moment(device.since))\
            \(number(device.latencyMilliseconds) { "\(Figures.rounded($0, decimals: $0 < 10 ? 2 : 0)) ms" })\
            \(number(device.uptimeSeconds) { Figures.span($0, language: language) })\
            <td>\(device.access)</td><td class="w">\(device.reason)</td></tr>
            """
        }
        let shown = snapshot.devices.count
        let note =
            shown < snapshot.deviceCount
            ? words("显示 \(shown)，共 \(snapshot.deviceCount)", "\(shown) of \(snapshot.deviceCount)") : "\(shown)"
        let headings = [
            words("状态", "state"), words("设备", "device"), words("层次", "layer"), words("位置", "place"), words("型号", "model"),
            words("自", "since"), words("时延#", "round trip#"), words("运行时间#", "uptime#"), words("方式", "access"),
            words("原因", "reason"),
        ]
        return section(
            words("设备", "Devices"), note: note,
            table(
                headings, rows,
                ifEmpty: words(
                    "尚未配置设备：在 campanile.yaml 的 devices 下添加。", "No device yet: add one below `devices` in campanile.yaml.")))
    }

    var interfaces: HTML {
        let rows = snapshot.interfaces.map { interface -> HTML in
            """
            <tr><td>\(interface.device)</td><td>\(interface.name)\
            \(interface.alias.isEmpty || interface.alias == interface.name ? "" : "<br><span class=\"sub\">\(interface.alias)</span>" as HTML)</td>\
            <td>\(badge(oper(interface)))</td>\(number(interface.speed, Figures.bitRate))\
            \(number(interface.inRate, Figures.bitRate))\(number(interface.outRate, Figures.bitRate))\
            <td class="n">\(interface.utilisation.map(Figures.percent) ?? "")\(bar(interface.utilisation))</td>\
            <td>\(line(interface.history))</td>\
            \(number(interface.errors) { Figures.rounded($0, decimals: 2) })\(number(interface.discards) { Figures.rounded($0, decimals: 2) })</tr>
            """
        }
        let headings = [
            words("设备", "device"), words("接口", "interface"), words("状态", "state"), words("速率#", "speed#"), words("流入#", "in#"),
            words("流出#", "out#"), words("利用率#", "utilisation#"), words("一小时", "one hour"), words("错误/秒#", "errors/s#"),
            words("丢弃/秒#", "discards/s#"),
        ]
        return section(
            words("最忙的接口", "Busiest interfaces"), note: words("按双向流量", "by traffic in both directions"),
            table(headings, rows, ifEmpty: words("两次轮询之后才有速率。", "Rates need two polls.")))
    }

    /// A port that somebody switched off is no fault.
    private func oper(_ interface: Snapshot.Interface) -> (word: String, tone: Words.Tone) {
        let word = interface.oper
        if interface.admin == "down" { return (words("停用", "disabled"), .mute) }
        return switch word {
        case "up": (words("启用", "up"), .good)
        case "down", "lowerLayerDown": (words("断开", word), .bad)
        default: (word.isEmpty ? words("未知", "unknown") : word, .mute)
        }
    }

    /// A share of 100 as a bar; widths are attributes, for the policy forbids inline style.
    private func bar(_ share: Double?) -> HTML {
        guard let share, share.isFinite else { return "" }
        let width = Int(min(max(share, 0), 100).rounded())
        let tone: HTML = share >= 90 ? "used bad" : share >= 70 ? "used warn" : "used"
        return """
            <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8"/>\
            <rect class="\(tone)" width="\(width)" height="8"/></svg>
            """
    }

    private func line(_ points: [(inRate: Double, outRate: Double)]) -> HTML {
        let history = points.filter { $0.inRate.isFinite && $0.outRate.isFinite }
        guard history.count > 1 else { return "" }
        let top = max(1, history.reduce(0) { max($0, $1.inRate, $1.outRate) })
        let points = { (value: (Int) -> Double) in
            history.indices.map { index in
                let x = index * 118 / (history.count - 1) + 1
                let y = 21 - Int((min(max(value(index), 0), top) / top * 20).rounded())
                return "\(x),\(y)"
            }.joined(separator: " ")
        }
        return """
            <svg class="line" viewBox="0 0 120 22" aria-hidden="true"><polyline points="\(points { history[$0].inRate })"/>\
            <polyline class="out" points="\(points { history[$0].outRate })"/></svg>
            """
    }
}

import Campus
import Reporting

/// What the capture received, what became of it, and who talked most.
extension Page {
    var traffic: HTML {
        let rows = snapshot.captures.map { capture -> HTML in
            let counted = capture.accounting
            let state: (word: String, tone: Words.Tone) =
                capture.isRunning ? (words("运行", "running"), .good) : (words("停止", "stopped"), .bad)
            let terms = [
                counted.received, counted.kernelDropped, counted.read, counted.ringDropped, counted.sampledOut, counted.queued,
                counted.analysed,
            ]
            let cells = terms.map { "<td class=\"n\">\(Figures.count(Int64(clamping: $0)))</td>" as HTML }
            return """
                <tr><td>\(counted.interface)<br>\(badge(state))</td>\(cells)\
                <td class="n">\(counted.samplingShift == 0 ? "1" : "1/2^\(Int(counted.samplingShift))")</td></tr>\
                \(capture.reason.isEmpty ? "" : "<tr><td colspan=\"9\">\(capture.reason)</td></tr>" as HTML)
                """
        }
        let headings = [
            words("接口", "interface"), words("收到#", "received#"), words("内核丢弃#", "kernel drops#"), words("读取#", "read#"),
            words("环丢弃#", "ring drops#"), words("抽样略过#", "sampled out#"), words("入队#", "queued#"), words("已分析#", "analysed#"),
            words("采样率#", "sampling#"),
        ]
        let equation: HTML =
            snapshot.captures.isEmpty
            ? ""
            : """
            <p class="equation">\(words("收到 − 内核丢弃 = 读取 + 仍在内核；读取 = 环丢弃 + 抽样略过 + 入队；入队 = 已分析 + 仍在环中",
                "received − kernel drops = read + still in the kernel; read = ring drops + sampled out + queued; queued = analysed + still in the ring"))</p>
            """
        let minute = snapshot.lastMinute.map {
            words(
                "上一分钟 \(Figures.bitRate($0.bitRate))，\(Figures.count(Int64($0.packets))) 包，\(Figures.count(Int64($0.flows))) 流",
                "last minute \(Figures.bitRate($0.bitRate)), \(Figures.count(Int64($0.packets))) packets, \(Figures.count(Int64($0.flows))) flows"
            )
        }
        return section(
            words("流量与抓包核算", "Traffic and capture accounting"), note: minute ?? "",
            "\(table(headings, rows, ifEmpty: words("没有抓包：在 campanile.yaml 的 capture 下添加接口。", "No capture: add an interface below `capture` in campanile.yaml.")))\(equation)"
        )
    }

    var talkers: HTML {
        let rows = snapshot.talkers.map { talker -> HTML in
            """
            <tr><td>\(talker.address)</td><td class="n">\(Figures.bytes(talker.bytes))</td>\
            <td class="n">\(Figures.count(talker.flows))</td></tr>
            """
        }
        return section(
            words("流量最大的主机", "Top talkers"), note: words("本小时", "this hour"), isHalf: true,
            table(
                [words("地址", "address"), words("字节#", "bytes#"), words("流#", "flows#")], rows,
                ifEmpty: words("尚无流量数据", "No traffic yet")))
    }

    var observations: HTML {
        let rows = snapshot.observations.map { observation -> HTML in
            """
            <tr>\(moment(observation.at))<td>\(badge(words.severity(observation.severity)))</td><td>\(observation.observationClass)</td>\
            <td>\(observation.source)\(observation.destination.isEmpty ? "" : "<br><span class=\"sub\">→ \(observation.destination)</span>" as HTML)</td>\
            <td class="w">\(observation.detail)</td></tr>
            """
        }
        let headings = [
            words("时间", "time"), words("级别", "severity"), words("类别", "class"), words("来源", "source"), words("说明", "detail"),
        ]
        return section(
            words("最近的观测", "Latest observations"), isHalf: true,
            table(headings, rows, ifEmpty: words("尚无观测", "Nothing observed yet")))
    }
}

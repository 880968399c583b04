import Campus
import Console
import Reporting
import Testing

struct PageTests {
    private let hostile = "<script>alert(1)</script>\"'&\u{202e}evil\u{7}"

    private func page(_ snapshot: Snapshot, _ language: Language = .zh) -> String {
        Page(snapshot: snapshot, siteName: hostile, language: language, time: LocalTime(zoneName: "Asia/Shanghai")).document
            .markup
    }

    @Test func `text becomes markup through one door that closes behind it`() {
        #expect(HTML.escaped(hostile) == "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u{fffd}evil\u{fffd}")
        #expect(("<b>\(hostile)</b>" as HTML).markup.hasPrefix("<b>&lt;script&gt;"))
        #expect(("<i>\("<b>x</b>" as HTML)</i>" as HTML).markup == "<i><b>x</b></i>")
    }

    @Test(arguments: Language.allCases) func `no name that a device, host or rule gives itself reaches the page as markup`(
        language: Language
    ) {
        var snapshot = Snapshot(at: Timestamp(seconds: 1_763_654_400))
        var device = Snapshot.Device()
        (device.name, device.address, device.layer, device.place, device.model, device.reason, device.access) =
            (hostile, hostile, hostile, hostile, hostile, hostile, hostile)
        snapshot.devices = [device]
        var interface = Snapshot.Interface()
        (interface.device, interface.name, interface.alias, interface.oper) = (hostile, hostile, hostile, hostile)
        interface.utilisation = .nan
        interface.history = [(.infinity, 0), (-1, .nan), (5, 6)]
        snapshot.interfaces = [interface]
        snapshot.captures = [
            Snapshot.Capture(
                accounting: CaptureAccounting(interface: hostile, at: snapshot.at), isRunning: false, reason: hostile)
        ]
        var alert = Snapshot.Alert()
        alert.title = Bilingual(zh: hostile, en: hostile)
        (alert.message, alert.subject, alert.dengbao) = (alert.title, hostile, [hostile])
        snapshot.alerts = [alert]
        var observation = Snapshot.Observation()
        (observation.observationClass, observation.source, observation.destination, observation.detail) = (
            hostile, hostile, hostile, hostile
        )
        snapshot.observations = [observation]
        var item = Snapshot.Item()
        (item.id, item.title, item.reason) = (hostile, alert.title, alert.title)
        snapshot.items = [item]
        var indicator = Snapshot.Indicator()
        (indicator.title, indicator.scope, indicator.unit, indicator.period, indicator.value) = (
            alert.title, hostile, hostile, hostile, .nan
        )
        snapshot.indicators = [indicator]
        var talker = Snapshot.Talker()
        talker.address = hostile
        snapshot.talkers = [talker]
        snapshot.failures = [hostile]
        let markup = page(snapshot, language)
        #expect(!markup.contains("<script>alert"))
        #expect(!markup.contains("\u{202e}"))
        #expect(markup.contains("&lt;script&gt;alert(1)"))
        // The policy of the headers forbids both, so none may be written.
        #expect(!markup.contains("style=") && !markup.contains("onclick") && !markup.contains("javascript:"))
    }

    @Test func `an empty agent says what to do, in both languages`() {
        let snapshot = Snapshot(at: Timestamp(seconds: 1_763_654_400))
        #expect(page(snapshot).contains("尚未配置设备"))
        #expect(page(snapshot).contains("<html lang=\"zh-CN\">"))
        #expect(page(snapshot, .en).contains("No device yet"))
        #expect(page(snapshot, .en).contains("<html lang=\"en\">"))
    }

    @Test func `open alerts that the table has no room for are counted all the same`() {
        var snapshot = Snapshot(at: Timestamp(seconds: 1_763_654_400))
        var alert = Snapshot.Alert()
        alert.state = .firing
        snapshot.alerts = Array(repeating: alert, count: 100)
        snapshot.alertCounts = [.firing: 1100, .acknowledged: 100, .pending: 7]
        #expect(page(snapshot, .en).contains("<b>1200</b><span>open alerts</span>"))
        #expect(page(snapshot, .en).contains("100 of 1207"))
    }

    @Test func `a state is said in words beside its colour`() {
        var snapshot = Snapshot(at: Timestamp(seconds: 1_763_654_400))
        snapshot.devices = DeviceState.allCases.map { state in
            var device = Snapshot.Device()
            device.state = state
            return device
        }
        let markup = page(snapshot)
        for word in ["正常", "SNMP 无响应", "认证失败", "离线", "未知"] { #expect(markup.contains(">\(word)</span>")) }
    }
}

struct MetricTests {
    @Test func `labels cannot break a line of the exposition`() {
        let metric = Metric(
            "campanile_x_total", .counter, help: "a\nb",
            samples: [.init(3, [("interface", "eth\"1\\\n")]), .init(.nan), .init(0.5)])
        #expect(
            Metric.exposition([metric])
                == "# HELP campanile_x_total a\\nb\n# TYPE campanile_x_total counter\ncampanile_x_total{interface=\"eth\\\"1\\\\\\n\"} 3\ncampanile_x_total NaN\ncampanile_x_total 0.5\n"
        )
    }
}

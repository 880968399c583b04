import Campus
import Compliance
package import Console
import Definitions
import Foundation
import Indicators
package import Judging
package import Notify
package import Polling
import Rules
package import Sampling

/// The settings of each module, as the configuration gives them.
extension AgentSettings {
    /// What is allowed but unwise, one line each.
    package var warnings: [String] {
        var warnings: [String] = []
        if let console, console.host != "localhost", console.host != "::1", !console.host.hasPrefix("127.") {
            warnings.append(
                "listen.console: \(console.host) can be reached from elsewhere and the console asks for no password: put a proxy before it"
            )
        }
        return warnings
    }

    package var judging: JudgeSettings {
        var judging = JudgeSettings()
        judging.calendar = profile.calendar
        judging.workingHours = profile.workingHours
        return judging
    }

    package var pollingSettings: PollingSettings {
        var polling = PollingSettings()
        polling.interval = self.polling.interval
        polling.full = self.polling.topology
        polling.pulse = min(polling.pulse, polling.interval)
        polling.recheck = min(polling.recheck, polling.interval)
        return polling
    }

    package var alertLog: AlertLogSettings {
        var log = AlertLogSettings()
        log.offsetSeconds = { [calendar = profile.calendar] in calendar.offsetSeconds(at: $0) }
        log.language = site.language
        log.hostname = ProcessInfo.processInfo.hostName
        return log
    }

    /// One entry a capture, with what the rules of detection give the detectors.
    package func sampling(_ definitions: AgentDefinitions) -> [SamplingSettings] {
        let detectors = definitions.detectorSettings(devices: devices, problems: Problems())
        return captures.map { capture in
            var sampling = SamplingSettings(interface: capture.interface)
            sampling.snapLength = capture.snapLength
            sampling.filter = capture.filter
            sampling.ringBytes = capture.ringBytes
            sampling.detectors = detectors
            return sampling
        }
    }
}

extension AgentDefinitions {
    /// What pages call 等保 items and indicators.
    package var titles: ConsoleTitles {
        var titles = ConsoleTitles()
        for item in judging.items.items { titles.items[item.id] = item.requirement }
        for indicator in judging.indicators.indicators { titles.indicators[indicator.id] = (indicator.name, indicator.unit) }
        return titles
    }
}

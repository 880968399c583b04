import Campus
import Capture
import Testing

@testable import Sampling

struct CaptureWatchTests {
    private func report(_ state: CaptureReport.State, at seconds: Int64) -> CaptureReport {
        CaptureReport(
            accounting: CaptureAccounting(interface: "e", at: Timestamp(seconds: seconds)), state: state, linkType: nil)
    }

    /// What is posted for the reports, as short words.
    private func posted(_ reports: [CaptureReport]) -> [String] {
        var watch = CaptureWatch(interval: .seconds(5))
        var words: [String] = []
        for report in reports {
            watch.look(at: report) { event in
                switch event {
                case .accounting(let report): words.append("accounting \(report.accounting.at.milliseconds / 1000)")
                case .gap(let start, let end, _): words.append("gap \(start.milliseconds / 1000)-\(end.milliseconds / 1000)")
                default: words.append("other")
                }
            }
        }
        return words
    }

    @Test func `accounting is posted every interval`() {
        #expect(posted((0...11).map { report(.running, at: $0) }) == ["accounting 0", "accounting 5", "accounting 10"])
    }

    @Test func `a change of state is posted at once, and the time without capture as a gap`() {
        let gone = CaptureReport.State.failed(.interfaceVanished("e"))
        let words = posted([report(.running, at: 0), report(gone, at: 2), report(gone, at: 3), report(.running, at: 4)])
        #expect(words == ["accounting 0", "accounting 2", "gap 2-4", "accounting 4"])
    }

    @Test func `a clock that steps back does not stop the accounting`() {
        #expect(posted([report(.running, at: 100), report(.running, at: 50)]) == ["accounting 100", "accounting 50"])
    }

    @Test func `before the first start nothing is posted`() {
        #expect(posted([report(.starting, at: 0)]).isEmpty)
    }
}

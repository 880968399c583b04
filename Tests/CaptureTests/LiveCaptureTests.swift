import Campus
import Foundation
import Testing

@testable import Capture

/// Runs both threads of a capture while `body` acts, stops them, and gives the closed accounts.
private func running(
    _ capture: LiveCapture, analyserPause: UInt32 = 0, _ body: @Sendable () async throws -> Void
) async throws -> CaptureReport {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await OwnThread.run(named: "capture") { capture.capture() } }
        group.addTask {
            try await OwnThread.run(named: "analyser") {
                while true {
                    let isLastRound = capture.isOver
                    if capture.analyse(limit: 16, { _, _ in usleep(analyserPause) }) == 0 {
                        if isLastRound { return }
                        capture.waitForFrames(milliseconds: 20)
                    }
                }
            }
        }
        do { try await body() } catch {
            capture.stop()
            throw error
        }
        capture.stop()
        try await group.waitForAll()
    }
    return capture.closeAccounts()
}

private func accounts(_ report: CaptureReport) -> Bool {
    let a = report.accounting
    return a.received - a.kernelDropped >= a.read && a.read == a.ringDropped + a.sampledOut + a.queued && a.queued >= a.analysed
}

@Suite(.enabled(if: isRoot, "needs root for virtual interfaces"), .serialized)
struct LiveCaptureTests {
    @Test func `every frame sent is received, read, queued and analysed`() async throws {
        let pair = try VirtualPair()
        let capture = try LiveCapture(settings: CaptureSettings(interface: pair.near)) { _ in true }
        let report = try await running(capture) {
            #expect(try await eventually { capture.report.state == .running })
            try pair.send(5000) { Frames.udp(from: UInt32($0), to: 9, payload: $0 % 900) }
            #expect(try await eventually { capture.report.accounting.analysed == 5000 })
        }
        #expect(report.state == .stopped)
        #expect(report.accounting.received == 5000)
        #expect(report.accounting.kernelDropped == 0)
        #expect(report.accounting.read == 5000)
        #expect(report.accounting.analysed == 5000)
    }

    @Test func `under overload a tiny ring drops, samples and counts, and every export adds up`() async throws {
        let pair = try VirtualPair()
        var settings = CaptureSettings(interface: pair.near)
        settings.ringBytes = 2048
        let capture = try LiveCapture(settings: settings) { _ in true }
        let finished = Tally()
        let exports = Tally()
        let wrong = Tally()
        let report = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while finished.value == 0 {
                    exports.add()
                    if !accounts(capture.report) { wrong.add() }
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            let report = try await running(capture, analyserPause: 200) {
                #expect(try await eventually { capture.report.state == .running })
                try pair.send(20_000) { Frames.udp(from: UInt32($0 % 500), to: 9, payload: 100) }
                #expect(try await eventually { capture.report.accounting.read == 20_000 })
            }
            finished.add()
            return report
        }
        #expect(exports.value > 3)
        #expect(wrong.value == 0)
        let accounting = report.accounting
        #expect(accounting.received == 20_000)
        #expect(accounting.received - accounting.kernelDropped == accounting.read)
        #expect(accounting.ringDropped > 0)
        #expect(accounting.sampledOut > 0)
        #expect(accounting.read == accounting.ringDropped + accounting.sampledOut + accounting.queued)
        #expect(accounting.queued == accounting.analysed)
    }

    @Test func `an interface that vanishes is reported, waited for and taken up again`() async throws {
        let pair = try VirtualPair()
        let capture = try LiveCapture(settings: CaptureSettings(interface: pair.near)) { _ in true }
        let report = try await running(capture) {
            #expect(try await eventually { capture.report.state == .running })
            try pair.send(100) { _ in Frames.udp(from: 1, to: 2) }
            #expect(try await eventually { capture.report.accounting.analysed == 100 })
            try pair.destroy()
            #expect(
                try await eventually {
                    if case .failed(let error) = capture.report.state { return error.what == "interface \(pair.near)" }
                    return false
                })
            try pair.create()
            #expect(try await eventually { capture.report.state == .running })
            try pair.send(50) { _ in Frames.udp(from: 1, to: 2) }
            #expect(try await eventually { capture.report.accounting.analysed == 150 })
        }
        #expect(report.accounting.received == 150)
        #expect(accounts(report))
    }

    @Test func `stopping ends both threads at once`() async throws {
        let pair = try VirtualPair()
        let capture = try LiveCapture(settings: CaptureSettings(interface: pair.near)) { _ in true }
        let report = try await running(capture) {
            let isRunning = try await eventually { capture.report.state == .running }
            #expect(isRunning)
        }
        #expect(report.state == .stopped)
    }

    @Test func `a filter leaves out the rest`() async throws {
        let pair = try VirtualPair()
        var settings = CaptureSettings(interface: pair.near)
        settings.filter = "dst host 0.0.0.2"
        let capture = try LiveCapture(settings: settings) { _ in true }
        let report = try await running(capture) {
            #expect(try await eventually { capture.report.state == .running })
            try pair.send(100) { Frames.udp(from: 9, to: UInt32($0 % 4)) }
            #expect(try await eventually { capture.report.accounting.analysed == 25 })
        }
        #expect(report.accounting.received == 25)
    }

    @Test func `a bad filter ends the capture thread`() async throws {
        var settings = CaptureSettings(interface: "lo")
        settings.filter = "prot 80"
        let capture = try LiveCapture(settings: settings) { _ in true }
        try await OwnThread.run(named: "capture") { capture.capture() }
        guard case .failed(.badFilter) = capture.report.state else {
            Issue.record("is \(capture.report.state)")
            return
        }
    }

    @Test func `a link type that nobody reads ends the capture thread`() async throws {
        let capture = try LiveCapture(settings: CaptureSettings(interface: "lo")) { _ in false }
        try await OwnThread.run(named: "capture") { capture.capture() }
        #expect(
            capture.report.state == .failed(.unsupportedLinkType(source: "interface lo", name: "EN10MB", number: 1)))
    }

    @Test func `without the capability the error names it`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            guard setuid(65534) == 0 else { exit(1) }
            do throws(CaptureError) {
                _ = try CaptureHandle.open(interface: "lo")
                exit(2)
            } catch {
                exit(error == .notPermitted(interface: "lo") ? 42 : 3)
            }
        }
    }
}

struct UnknownInterfaceTests {
    @Test func `an interface that does not exist is answered with those that do`() {
        do {
            _ = try CaptureHandle.open(interface: "nosuch0")
            Issue.record("it was opened")
        } catch {
            guard case .noSuchInterface("nosuch0", let existing) = error else {
                Issue.record("threw \(error)")
                return
            }
            #expect(existing.contains("lo"))
        }
    }
}

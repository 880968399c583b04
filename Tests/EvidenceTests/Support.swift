import Campus
import Evidence
import Foundation
import Logging

/// A store in a directory of its own that goes with it.
final class TemporaryStore {
    let directory: URL
    let store: EvidenceStore

    init(settings: EvidenceSettings = EvidenceSettings()) throws {
        directory = try TemporaryStore.makeDirectory()
        store = try EvidenceStore(
            path: directory.appendingPathComponent("campanile.db").path, settings: settings, logger: .silent)
    }

    static func makeDirectory() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("evidence-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: directory)
    }

    /// The rows of a query as plain values; whole reals as integers, so that literals compare.
    func rows(_ sql: String, _ parameters: [String: EvidenceValue] = [:]) throws -> [[EvidenceValue]] {
        try store.select(sql, parameters: parameters).rows.map { row in
            row.map { value in
                if case .real = value, let whole = value.int64 { return .integer(whole) }
                return value
            }
        }
    }

    func value(_ sql: String) throws -> EvidenceValue { try rows(sql).first?.first ?? .null }

    /// Closes everything that is due.
    func maintain(at now: Timestamp) throws {
        while try store.maintain(now: now) {}
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// 2026-11-21 00:00 UTC, the start of an hour.
let midnight = Timestamp(seconds: 1_795_219_200)

extension Timestamp {
    func after(_ seconds: Int64) -> Timestamp { self + .seconds(seconds) }
}

/// A poll of `interfaces` ports whose port n carries n × 1000 + `load` bit/s in and half of it out.
func poll(
    _ device: DeviceID = DeviceID("aa"), at: Timestamp, interfaces: Int = 2, load: Double = 0, state: DeviceState = .up
) -> DevicePoll {
    var poll = DevicePoll(device: device, startedAt: at, interval: .seconds(60), state: state)
    guard state == .up else { return poll }
    poll.uptime = at.seconds - midnight.seconds + 1000
    poll.snmpVersion = "2c"
    for index in stride(from: UInt32(1), through: UInt32(interfaces), by: 1) {
        var sample = InterfaceSample(index: index)
        sample.admin = .up
        sample.oper = .up
        sample.speed = 1_000_000_000
        sample[.inOctets] = UInt64(index) * 1_000_000
        poll.samples.append(sample)
        var rate = InterfaceRate(index: index)
        rate.admin = .up
        rate.oper = .up
        rate.speed = 1_000_000_000
        rate[.inOctets] = Double(index) * 1000 + load
        rate[.outOctets] = (Double(index) * 1000 + load) / 2
        rate[.inErrors] = 0
        poll.rates.append(rate)
    }
    return poll
}

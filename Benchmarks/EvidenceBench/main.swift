import Campus
import Evidence
import Foundation
import Glibc
import Logging

// What the evidence store costs at the size of a university: 1000 devices × 52 interfaces, a poll a minute. A third of the
// ports carry traffic, the others stand still, as wiring closets do.

struct Figures {
    static func cpu() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
            / 1e6
    }

    /// Bytes that this process caused to be written to a disk, by the kernel's account.
    static func written() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("wchar:") }
        return line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
    }
}

struct Fleet {
    let devices: Int
    let interfaces: Int
    private var random = SystemRandomNumberGenerator()
    private var counters: [[InterfaceSample]]

    init(devices: Int, interfaces: Int) {
        self.devices = devices
        self.interfaces = interfaces
        counters = Array(repeating: (1...interfaces).map { InterfaceSample(index: UInt32($0)) }, count: devices)
    }

    mutating func poll(_ device: Int, at: Timestamp) -> DevicePoll {
        var poll = DevicePoll(device: DeviceID("80001f88\(100_000 + device)"), startedAt: at, interval: .seconds(60), state: .up)
        poll.uptime = at.seconds - 1_700_000_000
        poll.snmpVersion = "2c"
        poll.latency = .microseconds(Int.random(in: 300...900, using: &random))
        poll.pduCount = 12
        poll.samples.reserveCapacity(interfaces)
        poll.rates.reserveCapacity(interfaces)
        for index in 0..<interfaces { add(index, device, &poll) }
        return poll
    }

    private mutating func add(_ index: Int, _ device: Int, _ poll: inout DevicePoll) {
        let isBusy = index % 3 == 0
        var sample = counters[device][index]
        var rate = InterfaceRate(index: sample.index)
        sample.speed = 1_000_000_000
        sample.admin = .up
        sample.oper = isBusy ? .up : .down
        (rate.speed, rate.admin, rate.oper) = (sample.speed, sample.admin, sample.oper)
        for counter in InterfaceCounter.allCases where counter != .inUnknownProtocols {
            let isError = counter.rawValue >= InterfaceCounter.inErrors.rawValue
            let perSecond = isBusy && !isError ? Double.random(in: 1e4...2e4, using: &random) * Double(index + 1) : 0
            sample[counter] = (sample[counter] ?? 0) + UInt64(perSecond * 60)
            rate[counter] = counter.rawValue < 2 ? perSecond * 8 * 100 : perSecond
        }
        counters[device][index] = sample
        poll.samples.append(sample)
        poll.rates.append(rate)
    }
}

func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

let devices = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 1000 : 1000
let minutes = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 60 : 60
let directory = FileManager.default.temporaryDirectory.appendingPathComponent("evidence-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: directory) }
let path = directory.appendingPathComponent("campanile.db").path
let store = try EvidenceStore(path: path, settings: EvidenceSettings(), logger: Logger(label: "bench"))
let start = Timestamp(seconds: 1_795_219_200)
var fleet = Fleet(devices: devices, interfaces: 52)

/// CPU seconds and bytes of writing.
func measured(_ body: () throws -> Void) rethrows -> (cpu: Double, bytes: Int, wall: Double) {
    let (cpu, bytes, wall) = (Figures.cpu(), Figures.written(), ContinuousClock.now)
    try body()
    return (Figures.cpu() - cpu, Figures.written() - bytes, (ContinuousClock.now - wall).inSeconds)
}

func size(_ table: String) throws -> (rows: Int64, bytes: Int64) {
    let row = try store.select("SELECT count(*), coalesce(sum(length(data)), 0) FROM \(table)").rows[0]
    return (row[0].int64 ?? 0, row[1].int64 ?? 0)
}

// Record: batches of a second, devices spread over the minute.
var recording = (cpu: 0.0, bytes: 0)
for minute in 0..<minutes {
    for second in 0..<60 {
        let at = start + .seconds(minute * 60 + second)
        let polls = stride(from: second, to: devices, by: 60).map { fleet.poll($0, at: at) }
        let one = try measured { try store.record(polls) }
        if minute > 0 { recording = (recording.cpu + one.cpu, recording.bytes + one.bytes) }
    }
}
let polls = Double(devices * (minutes - 1))
let samples = polls * 52 * 9
let recent = try size("sample_recent")
print(
    String(
        format: "record: %.3f ms CPU a device, %.2f %% of a core, %@ a minute written", recording.cpu / polls * 1000,
        recording.cpu / Double(minutes - 1) / 60 * 100, megabytes(recording.bytes / (minutes - 1))))
print(
    String(
        format: "recent rows: %.0f bytes a device and poll, %.2f a sample", Double(recent.bytes) / Double(recent.rows) * 2,
        Double(recent.bytes) / (samples + Double(devices * 52 * 9))))

// The live view over every interface.
for sql in [
    "SELECT count(*), sum(in_bps) FROM interface_rate",
    "SELECT subject, utilisation, seen_at, device, name FROM interface_rate WHERE oper = 'up'",
] {
    let view = try measured { _ = try store.select(sql) }
    print(String(format: "%@: %.0f ms CPU", sql, view.cpu * 1000))
}
let openFleet = try measured {
    _ = try store.select(
        "SELECT device, max(avg) FROM reading_5m WHERE metric = 'in_bps' AND t >= \((start + .seconds(minutes * 60 - 300)).milliseconds) GROUP BY device"
    )
}
print(String(format: "five open minutes of one metric of everybody: %.0f ms CPU", openFleet.cpu * 1000))
let openOne = try measured {
    _ = try store.select(
        "SELECT t, avg FROM reading_5m WHERE subject = 'device/80001f88100007/interface/1' AND metric = 'in_bps'")
}
print(String(format: "open hour of one interface: %.2f ms CPU", openOne.cpu * 1000))

// Close the hour.
var steps = 0
var longest = 0.0
let closing = try measured {
    var more = true
    while more {
        let step = try measured { more = try store.maintain(now: start + .seconds(max(3600, minutes * 60) + 400)) }
        longest = max(longest, step.wall)
        steps += 1
    }
}
print(
    String(
        format: "maintain for one hour: %.2f s CPU (%.2f %% of a core), %d steps, longest %.0f ms, %@ written", closing.cpu,
        closing.cpu / 36,
        steps, longest * 1000, megabytes(closing.bytes)))
for table in ["chunk", "rollup_5m", "rollup_5m_uplink", "rollup_hour"] {
    let kept = try size(table)
    guard kept.rows > 0 else { continue }
    print(
        String(
            format: "%@: %d bytes a device and hour, %@ a day", table, Int(kept.bytes) / devices, megabytes(Int(kept.bytes) * 24))
    )
}
let chunks = try size("chunk")
print(String(format: "chunk: %.2f bytes a sample", Double(chunks.bytes) / (samples + Double(devices * 52 * 9))))
let all = measured { try? store.flush() }
_ = all

// A month of one interface: few devices, many hours.
let monthStore = try EvidenceStore(
    path: directory.appendingPathComponent("month.db").path, settings: EvidenceSettings(), logger: Logger(label: "bench"))
var few = Fleet(devices: 4, interfaces: 52)
for minute in 0..<(30 * 24 * 60) {
    let at = start + .seconds(minute * 60)
    try monthStore.record((0..<4).map { few.poll($0, at: at) })
    if minute % 60 == 10 { while try monthStore.maintain(now: at) {} }
}
for (name, sql) in [
    (
        "p95 over a month of 5-minute averages",
        "SELECT percentile(avg, 95), sum(count), sum(expected) FROM reading_5m WHERE subject = 'device/80001f88100002/interface/1' AND metric = 'in_bps'"
    ),
    (
        "maximum over a month of hours",
        "SELECT max(max), sum(count), sum(expected) FROM reading_hour WHERE subject = 'device/80001f88100002/interface/1' AND metric = 'in_bps'"
    ),
    (
        "p95 of a day of raw samples",
        "SELECT percentile(value, 95), count(*) FROM reading WHERE subject = 'device/80001f88100002/interface/1' AND metric = 'in_bps' AND t >= \((start + .seconds(29 * 86_400)).milliseconds)"
    ),
] {
    var rows: [[EvidenceValue]] = []
    let query = try measured { rows = try monthStore.select(sql).rows }
    print(String(format: "%@: %.1f ms CPU, %@", name, query.cpu * 1000, "\(rows)"))
}
try monthStore.close()
try store.close()

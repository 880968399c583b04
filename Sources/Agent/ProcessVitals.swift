import Campus
import Console
import Foundation
import Glibc

/// What the kernel says of this process and the store's files (proc(5)).
enum ProcessVitals {
    static func metrics(databasePath: String, startedAt: Timestamp) -> [Metric] {
        var metrics = [
            Metric(
                "process_cpu_seconds_total", .counter, help: "CPU time of the process, user and system.",
                samples: [.init(cpuSeconds)]),
            Metric(
                "process_start_time_seconds", .gauge, help: "When the agent started, seconds since 1970.",
                samples: [.init(startedAt.seconds)]),
        ]
        if let bytes = residentBytes {
            metrics.append(Metric("process_resident_memory_bytes", .gauge, help: "Resident memory.", samples: [.init(bytes)]))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            metrics.append(Metric("process_open_fds", .gauge, help: "Open file descriptors.", samples: [.init(Double(files))]))
        }
        let sizes = ["", "-wal"].map { suffix in
            Metric.Sample(Double(size(databasePath + suffix)), [("file", suffix.isEmpty ? "database" : "log")])
        }
        metrics.append(Metric("campanile_store_bytes", .gauge, help: "Size of the evidence store's files.", samples: sizes))
        return metrics
    }

    /// User and system time of all threads; clock(3) counts microseconds on every POSIX system.
    static var cpuSeconds: Double { Double(clock()) / 1e6 }

    /// VmRSS of /proc/self/status, which has it in KiB.
    private static var residentBytes: Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 }
    }

    private static func size(_ path: String) -> UInt64 {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? UInt64 ?? 0
    }
}

import CPcap
import Foundation

@testable import Capture

let isRoot = geteuid() == 0

/// A pair of virtual interfaces that goes when the test is over. Nothing but what the test sends passes them.
final class VirtualPair: Sendable {
    let near: String
    let far: String

    init() throws {
        let tag = String(UInt32.random(in: 0...0xffff), radix: 16)
        near = "ct\(tag)n"
        far = "ct\(tag)f"
        try create()
    }

    deinit { try? VirtualPair.ip("link", "del", near) }

    func create() throws {
        try VirtualPair.ip("link", "add", near, "type", "veth", "peer", "name", far)
        for name in [near, far] {
            // No IPv6 address, hence no frames of the kernel's own.
            try VirtualPair.ip("link", "set", name, "addrgenmode", "none")
            try VirtualPair.ip("link", "set", name, "up")
        }
    }

    func destroy() throws { try VirtualPair.ip("link", "del", near) }

    static func ip(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw CaptureError.failed(source: "ip", reason: arguments.joined(separator: " ")) }
    }

    /// Sends frames out of `far`, so that `near` receives them.
    func send(_ count: Int, _ frame: (Int) -> [UInt8]) throws {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let sender = unsafe pcap_open_live(far, 64, 0, 0, &message) else {
            throw CaptureError.failed(source: far, reason: "cannot send")
        }
        defer { unsafe pcap_close(sender) }
        for number in 0..<count {
            let bytes = frame(number)
            while unsafe pcap_sendpacket(sender, bytes, Int32(bytes.count)) != 0 { usleep(100) }
        }
    }
}

/// Asks again and again, for at most ten seconds.
func eventually(_ holds: () -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if holds() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return holds()
}

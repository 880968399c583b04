import Foundation
import Testing

@testable import Capture

/// A file that is gone when the test is over.
private struct Scratch: ~Copyable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = NSTemporaryDirectory() + "capture-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private struct Reading {
    var lengths: [Int] = []
    var wireLengths: [Int] = []
    var times: [Int64] = []
    var end: DrainResult.End?
}

private func read(_ path: String, filter: String = "") throws -> Reading {
    var handle = try CaptureHandle.open(file: path, filter: filter)
    var reading = Reading()
    while reading.end == nil {
        reading.end =
            handle.drain(limit: 2) { frame, wireLength, at in
                reading.lengths.append(frame.count)
                reading.wireLengths.append(wireLength)
                reading.times.append(at)
            }.end
    }
    return reading
}

struct CaptureFileTests {
    private let frames = (0..<5).map { Frames.udp(from: 1, to: 2, payload: $0) }

    @Test func `a pcap file gives every frame with its lengths and time`() throws {
        let file = try Scratch(Frames.pcap(frames))
        let reading = try read(file.path)
        #expect(reading.lengths == frames.map(\.count))
        #expect(reading.wireLengths == frames.map { $0.count + 4 })
        #expect(reading.times == (0..<5).map { $0 * 1_000_000 + 7 })
        #expect(reading.end == .endOfFile)
    }

    @Test func `a pcapng file is read too`() throws {
        let file = try Scratch(Frames.pcapng(frames))
        let reading = try read(file.path)
        #expect(reading.lengths == frames.map(\.count))
        #expect(reading.end == .endOfFile)
    }

    @Test func `a filter chooses, by the length on the wire`() throws {
        let file = try Scratch(Frames.pcap(frames))
        #expect(try read(file.path, filter: "greater 49").lengths == [45, 46])
    }

    @Test func `the link type is told`() throws {
        let file = try Scratch(Frames.pcap([], linkType: 105))
        let handle = try CaptureHandle.open(file: file.path)
        #expect(handle.linkType == 105)
        #expect(handle.linkTypeName == "IEEE802_11")
    }

    @Test func `a file with a header alone ends at once`() throws {
        let file = try Scratch(Frames.pcap([]))
        #expect(try read(file.path).end == .endOfFile)
    }

    @Test func `a missing file is named`() {
        #expect(throws: CaptureError.fileMissing("/nowhere/x.pcap")) { _ = try CaptureHandle.open(file: "/nowhere/x.pcap") }
    }

    @Test func `a directory is not a capture`() {
        #expect(throws: CaptureError.fileUnreadable("/", reason: "it is a directory")) { _ = try CaptureHandle.open(file: "/") }
    }

    @Test func `an empty file is told from a foreign one`() throws {
        let empty = try Scratch([])
        #expect(throws: CaptureError.fileEmpty(empty.path)) { _ = try CaptureHandle.open(file: empty.path) }
        let text = try Scratch(Array("this is no capture at all, it is a sentence".utf8))
        #expect(throws: CaptureError.self) { _ = try CaptureHandle.open(file: text.path) }
        do {
            _ = try CaptureHandle.open(file: text.path)
        } catch {
            #expect(error.reason.contains("unknown file format"))
        }
    }

    @Test func `at every cut the whole frames come first and then the truth`() throws {
        let whole = Frames.pcap(frames)
        var boundaries = [24]
        for frame in frames { boundaries.append((boundaries.last ?? 0) + 16 + frame.count) }
        for cut in 24..<whole.count {
            let file = try Scratch(Array(whole.prefix(cut)))
            let reading = try read(file.path)
            let expected = boundaries.count { $0 <= cut } - 1
            #expect(reading.lengths.count == expected)
            let end: DrainResult.End = boundaries.contains(cut) ? .endOfFile : .failed(.truncated(file.path, frames: expected))
            #expect(reading.end == end)
        }
    }

    @Test func `a record with an impossible length is damage`() throws {
        var bytes = Frames.pcap(frames)
        let second = 24 + 16 + frames[0].count
        bytes.replaceSubrange((second + 8)..<(second + 12), with: [0xff, 0xff, 0xff, 0x7f])
        let file = try Scratch(bytes)
        let reading = try read(file.path)
        #expect(reading.lengths.count == 1)
        guard case .failed(.damaged(_, frames: 1, _)) = reading.end else {
            Issue.record("ended with \(String(describing: reading.end))")
            return
        }
    }

    @Test func `a bad filter is quoted with libpcap's reason`() throws {
        let file = try Scratch(Frames.pcap(frames))
        do {
            _ = try CaptureHandle.open(file: file.path, filter: "tcp prot 80")
            Issue.record("the filter was taken")
        } catch {
            guard case .badFilter("tcp prot 80", let reason) = error else {
                Issue.record("threw \(error)")
                return
            }
            #expect(!reason.isEmpty)
        }
    }
}

struct CaptureErrorTests {
    @Test func `every error names the thing, the reason and the remedy`() {
        let error = CaptureError.noSuchInterface("eht0", existing: ["lo", "eth0"])
        #expect(error.description == "interface eht0: no such interface: choose one of lo, eth0")
        #expect(CaptureError.notPermitted(interface: "eth0").description.contains("CAP_NET_RAW"))
    }

    @Test func `libpcap's status decides which error it is`() {
        func mapped(_ status: Int32) -> CaptureError {
            CaptureHandle.activationError(status, interface: "e", reason: "why", existing: ["lo"])
        }
        #expect(mapped(-8) == .notPermitted(interface: "e"))
        #expect(mapped(-11) == .notPermitted(interface: "e"))
        #expect(mapped(-5) == .noSuchInterface("e", existing: ["lo"]))
        #expect(mapped(-9) == .interfaceDown("e"))
        #expect(mapped(-1) == .failed(source: "interface e", reason: "why"))
    }

    @Test func `the wait between tries doubles up to a bound`() {
        var backOff = BackOff()
        #expect((0..<7).map { _ in backOff.next() } == [500, 1000, 2000, 4000, 8000, 15000, 15000])
        backOff.reset()
        #expect(backOff.next() == 500)
    }

    @Test func `32-bit totals that wrap go on`() {
        var counters = CaptureCounters()
        counters.follow(received: UInt32.max, dropped: 1, interfaceDropped: 0)
        counters.follow(received: 9, dropped: 3, interfaceDropped: 0)
        #expect(counters.totals.received == UInt64(UInt32.max) + 10)
        #expect(counters.totals.kernelDropped == 3)
    }
}

private import CPcap
private import Glibc

/// Owns one libpcap handle, live or offline, and lends its frames.
@safe package struct CaptureHandle: ~Copyable {
    /// The interface's name or the file's path.
    package let source: String
    package let isLive: Bool
    /// The LINKTYPE_ of the frames as `pcap_datalink(3)` says it (1 is Ethernet).
    package let linkType: Int32
    /// Bytes kept of each frame.
    package let snapLength: Int
    private let pcap: OpaquePointer
    private let descriptor: Int32
    private var counters = CaptureCounters()
    private var delivered = 0

    init(adopting pcap: OpaquePointer, source: String, isLive: Bool) {
        unsafe self.pcap = pcap
        self.source = source
        self.isLive = isLive
        linkType = unsafe pcap_datalink(pcap)
        snapLength = Int(unsafe pcap_snapshot(pcap))
        descriptor = isLive ? unsafe pcap_get_selectable_fd(pcap) : -1
    }

    deinit { unsafe pcap_close(pcap) }

    /// The link type's name as libpcap has it, e.g. `EN10MB`.
    package var linkTypeName: String { CaptureHandle.linkTypeName(linkType) }

    package static func linkTypeName(_ number: Int32) -> String {
        guard let name = unsafe pcap_datalink_val_to_name(number) else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// Lends waiting frames, at most `limit`, to `body`: bytes kept, length on the wire, microseconds since 1970.
    ///
    /// A live handle never blocks here; see `wait(orBell:milliseconds:)`.
    package mutating func drain(limit: Int, _ body: (Span<UInt8>, Int, Int64) -> Void) -> DrainResult {
        let count = Int32(clamping: max(1, limit))
        let (lent, status) = withoutActuallyEscaping(body) { body in
            var lender = FrameLender(body: body)
            let status = unsafe withUnsafeMutablePointer(to: &lender) { pointer in
                unsafe pcap_dispatch(pcap, count, lendFrame, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
            }
            return (lender.count, status)
        }
        delivered &+= lent
        if status >= 0 {
            if isLive { return DrainResult(count: lent, end: nil) }
            return DrainResult(count: lent, end: status == 0 ? .endOfFile : nil)
        }
        return DrainResult(count: lent, end: .failed(failure()))
    }

    /// Sleeps until frames wait, the bell rings, or `milliseconds` have passed.
    package func wait(orBell bell: borrowing Doorbell, milliseconds: Int32) {
        bell.wait(orDescriptor: descriptor, milliseconds: milliseconds)
    }

    /// Totals since the handle was opened; all zero for a file.
    package mutating func statistics() -> CaptureStatistics {
        var raw = pcap_stat()
        if isLive, unsafe pcap_stats(pcap, &raw) == 0 {
            counters.follow(received: raw.ps_recv, dropped: raw.ps_drop, interfaceDropped: raw.ps_ifdrop)
        }
        return counters.totals
    }

    private func failure() -> CaptureError {
        let reason = unsafe String(cString: pcap_geterr(pcap))
        if isLive {
            return CaptureHandle.exists(interface: source)
                ? .failed(source: "interface \(source)", reason: reason) : .interfaceVanished(source)
        }
        if reason.contains("truncated") { return .truncated(source, frames: delivered) }
        return .damaged(source, frames: delivered, reason: reason)
    }
}

/// What one `drain` did: how many frames it lent and, when there can be no more, why.
package struct DrainResult: Sendable {
    package enum End: Hashable, Sendable {
        case endOfFile
        case failed(CaptureError)
    }

    package var count: Int
    /// Nil while more frames may come.
    package var end: End?
}

/// Carries the Swift closure through libpcap's `user` pointer; lives on `drain`'s stack.
private struct FrameLender {
    let body: (Span<UInt8>, Int, Int64) -> Void
    var count = 0
}

@c private func lendFrame(
    user: UnsafeMutablePointer<UInt8>?, header: UnsafePointer<pcap_pkthdr>?, bytes: UnsafePointer<UInt8>?
) {
    guard let user = unsafe user, let header = unsafe header?.pointee, let bytes = unsafe bytes else { return }
    let lender = unsafe UnsafeMutableRawPointer(user).assumingMemoryBound(to: FrameLender.self)
    unsafe lender.pointee.count &+= 1
    let microseconds = Int64(header.ts.tv_sec) &* 1_000_000 &+ Int64(header.ts.tv_usec)
    let frame = unsafe Span(_unsafeStart: bytes, count: Int(header.caplen))
    unsafe lender.pointee.body(frame, Int(header.len), microseconds)
}

private import CPcap
private import Glibc

extension CaptureHandle {
    /// Opens a live capture: promiscuous, TPACKET_V3, non-blocking.
    ///
    /// `bufferBytes` is the kernel's buffer; `filter` is an expression of pcap-filter(7), empty for all frames. libpcap can
    /// set a filter only on a capture that runs: what the kernel took before counts as received though nobody reads it.
    package static func open(
        interface: String, snapLength: Int = 512, filter: String = "", bufferBytes: Int = 16 << 20
    ) throws(CaptureError) -> CaptureHandle {
        let existing = interfaces()
        guard existing.contains(interface) else { throw .noSuchInterface(interface, existing: existing) }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let pcap = unsafe pcap_create(interface, &message) else {
            throw .failed(source: "interface \(interface)", reason: text(message))
        }
        unsafe pcap_set_snaplen(pcap, Int32(clamping: snapLength))
        unsafe pcap_set_promisc(pcap, 1)
        unsafe pcap_set_timeout(pcap, blockTimeoutMilliseconds)
        unsafe pcap_set_buffer_size(pcap, Int32(clamping: bufferBytes))
        let status = unsafe pcap_activate(pcap)
        guard status >= 0 else {
            let reason = unsafe String(cString: pcap_geterr(pcap))
            unsafe pcap_close(pcap)
            throw activationError(status, interface: interface, reason: reason, existing: existing)
        }
        let handle = unsafe CaptureHandle(adopting: pcap, source: interface, isLive: true)
        guard unsafe pcap_setnonblock(pcap, 1, &message) == 0 else {
            throw .failed(source: "interface \(interface)", reason: text(message))
        }
        // Loopback shows each frame twice, going out and coming in; libpcap drops one copy only after the kernel counted both.
        let direction = isLoopback(interface) ? (filter.isEmpty ? "inbound" : "inbound and (\(filter))") : filter
        try unsafe apply(filter: direction, asWritten: filter, to: pcap)
        return handle
    }

    /// Opens a pcap or pcapng file; `-` is standard input.
    package static func open(file path: String, filter: String = "") throws(CaptureError) -> CaptureHandle {
        let descriptor = path == "-" ? dup(0) : unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT ? .fileMissing(path) : .fileUnreadable(path, reason: errorText(code))
        }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR || (kind == S_IFREG && status.st_size == 0) {
                close(descriptor)
                throw kind == S_IFDIR ? .fileUnreadable(path, reason: "it is a directory") : .fileEmpty(path)
            }
        }
        guard let stream = unsafe fdopen(descriptor, "rb") else {
            let code = errno
            close(descriptor)
            throw .fileUnreadable(path, reason: errorText(code))
        }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let pcap = unsafe pcap_fopen_offline(stream, &message) else {
            unsafe fclose(stream)
            throw text(message).contains("only got 0") ? .fileEmpty(path) : .notACapture(path, reason: text(message))
        }
        let handle = unsafe CaptureHandle(adopting: pcap, source: path, isLive: false)
        try unsafe apply(filter: filter, asWritten: filter, to: pcap)
        return handle
    }

    /// The names of this host's interfaces, in the kernel's order.
    package static func interfaces() -> [String] {
        guard let list = unsafe if_nameindex() else { return [] }
        defer { unsafe if_freenameindex(list) }
        var names: [String] = []
        var entry = unsafe list
        while let name = unsafe entry.pointee.if_name {
            names.append(unsafe String(cString: name))
            unsafe entry += 1
        }
        return names
    }

    static func exists(interface: String) -> Bool { unsafe if_nametoindex(interface) != 0 }

    /// How long the kernel may hold a block that is not full (TPACKET_V3's retire time).
    private static let blockTimeoutMilliseconds: Int32 = 20

    static func activationError(_ status: Int32, interface: String, reason: String, existing: [String]) -> CaptureError {
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: .notPermitted(interface: interface)
        case PCAP_ERROR_NO_SUCH_DEVICE: .noSuchInterface(interface, existing: existing)
        case PCAP_ERROR_IFACE_NOT_UP: .interfaceDown(interface)
        default: .failed(source: "interface \(interface)", reason: reason.isEmpty ? "libpcap error \(status)" : reason)
        }
    }

    /// Why a filter is wrong on any link, in libpcap's words; nil when it may fit one.
    package static func syntaxError(inFilter filter: String) -> String? {
        guard let pcap = unsafe pcap_open_dead(DLT_EN10MB, 65_535) else { return nil }
        defer { unsafe pcap_close(pcap) }
        var program = unsafe bpf_program()
        guard unsafe pcap_compile(pcap, &program, filter, 1, 0xffff_ffff) != 0 else {
            unsafe pcap_freecode(&program)
            return nil
        }
        // Other complaints may be those of an Ethernet alone.
        let reason = unsafe String(cString: pcap_geterr(pcap))
        return reason.contains("syntax error") ? reason : nil
    }

    private static func apply(filter: String, asWritten: String, to pcap: OpaquePointer) throws(CaptureError) {
        if filter.isEmpty { return }
        var program = unsafe bpf_program()
        let netmaskUnknown: UInt32 = 0xffff_ffff
        guard unsafe pcap_compile(pcap, &program, filter, 1, netmaskUnknown) == 0 else {
            throw .badFilter(asWritten, reason: unsafe String(cString: pcap_geterr(pcap)))
        }
        defer { unsafe pcap_freecode(&program) }
        guard unsafe pcap_setfilter(pcap, &program) == 0 else {
            throw .badFilter(asWritten, reason: unsafe String(cString: pcap_geterr(pcap)))
        }
    }

    private static func isLoopback(_ interface: String) -> Bool {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return false }
        defer { unsafe freeifaddrs(list) }
        var entry = unsafe list
        while let address = unsafe entry?.pointee {
            if unsafe String(cString: address.ifa_name) == interface {
                return unsafe address.ifa_flags & UInt32(truncatingIfNeeded: IFF_LOOPBACK) != 0
            }
            unsafe entry = address.ifa_next
        }
        return false
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func errorText(_ code: Int32) -> String {
        guard let message = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: message).lowercased()
    }
}

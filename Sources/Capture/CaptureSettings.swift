package import Campus

/// What a live capture is told.
package struct CaptureSettings: Hashable, Sendable {
    package var interface: String
    /// Bytes kept of each frame.
    package var snapLength = 512
    /// An expression of pcap-filter(7); empty for all frames.
    package var filter = ""
    /// The kernel's buffer, in bytes.
    package var bufferBytes = 32 << 20
    /// The ring between capture and analyser, in bytes; rounded up to a power of two.
    package var ringBytes = 16 << 20

    package init(interface: String) { self.interface = interface }
}

/// How a live capture stands.
package struct CaptureReport: Sendable {
    package enum State: Hashable, Sendable {
        case starting
        case running
        /// Tries again by itself where `CaptureError.mayHeal` says so.
        case failed(CaptureError)
        case stopped
    }

    package var accounting: CaptureAccounting
    package var state: State
    /// libpcap's number, known once the capture has run.
    package var linkType: Int32?

    package init(accounting: CaptureAccounting, state: State, linkType: Int32?) {
        self.accounting = accounting
        self.state = state
        self.linkType = linkType
    }
}

/// How long to wait before the next try: doubles from half a second to a quarter of a minute.
struct BackOff {
    private(set) var milliseconds: Int32 = first
    static let first: Int32 = 500
    static let longest: Int32 = 15_000

    mutating func next() -> Int32 {
        defer { milliseconds = min(milliseconds * 2, BackOff.longest) }
        return milliseconds
    }

    mutating func reset() { milliseconds = BackOff.first }
}

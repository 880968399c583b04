/// What libpcap and the kernel say of a live capture, since it was opened.
package struct CaptureStatistics: Hashable, Sendable {
    /// Frames that passed the filter, dropped ones included.
    package var received: UInt64 = 0
    /// Frames the kernel had no room for.
    package var kernelDropped: UInt64 = 0
    /// Frames the interface or its driver lost before the kernel saw them.
    package var interfaceDropped: UInt64 = 0

    package init() {}

    static func + (left: CaptureStatistics, right: CaptureStatistics) -> CaptureStatistics {
        var sum = left
        sum.received &+= right.received
        sum.kernelDropped &+= right.kernelDropped
        sum.interfaceDropped &+= right.interfaceDropped
        return sum
    }
}

/// Widens libpcap's 32-bit totals, which wrap after some minutes at full speed.
struct CaptureCounters {
    private(set) var totals = CaptureStatistics()
    private var lastReceived: UInt32 = 0
    private var lastDropped: UInt32 = 0
    private var lastInterfaceDropped: UInt32 = 0

    mutating func follow(received: UInt32, dropped: UInt32, interfaceDropped: UInt32) {
        totals.received &+= UInt64(received &- lastReceived)
        totals.kernelDropped &+= UInt64(dropped &- lastDropped)
        totals.interfaceDropped &+= UInt64(interfaceDropped &- lastInterfaceDropped)
        lastReceived = received
        lastDropped = dropped
        lastInterfaceDropped = interfaceDropped
    }
}

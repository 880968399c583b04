/// Fragmented datagrams: which ports the first fragment had, and the bytes until all are there. Bounded in number and bytes.
struct DatagramTable: ~Copyable {
    struct Key: Hashable {
        var sourceHigh: UInt64
        var sourceLow: UInt64
        var destinationHigh: UInt64
        var destinationLow: UInt64
        var identification: UInt32
        /// 0 for IPv6, whose later fragments need not agree with the first on it.
        var protocolNumber: UInt8
    }

    struct Ports {
        var source: UInt16
        var destination: UInt16
    }

    private struct Datagram {
        var ports: Ports?
        var bytes: [UInt8] = []
        /// What is there: sorted, not touching.
        var parts: [Range<Int>] = []
        /// Known once the last fragment came.
        var length: Int?
        var isGivenUp = false
    }

    private var datagrams: [Key: Datagram] = [:]
    /// In the order in which they began, for making room.
    private var order: [Key] = []
    private var oldest = 0
    private let capacity: Int
    private let maximumBytes: Int
    private(set) var heldBytes = 0
    private(set) var refused: UInt64 = 0
    /// RFC 791: a datagram is no longer.
    private static let maximumLength = 65_535
    /// Fragments of one datagram; more is an attack on the list.
    private static let maximumParts = 64

    init(capacity: Int, maximumBytes: Int) {
        self.capacity = max(1, capacity)
        self.maximumBytes = maximumBytes
    }

    /// The ports of the first fragment, if it came before.
    func ports(of key: Key) -> Ports? { datagrams[key]?.ports }

    /// Remembers the first fragment's ports. The identification of a finished datagram may be used again.
    mutating func note(_ ports: Ports, of key: Key) {
        makeRoom(for: key)
        if datagrams[key]?.isGivenUp == true { datagrams[key] = Datagram() }
        datagrams[key]?.ports = ports
    }

    /// Adds a fragment's bytes; returns the whole payload when this one completed it.
    mutating func add(_ bytes: Span<UInt8>, at offset: Int, more: Bool, of key: Key) -> [UInt8]? {
        makeRoom(for: key)
        guard var datagram = datagrams[key], !datagram.isGivenUp else { return nil }
        datagrams[key] = nil
        defer { datagrams[key] = datagram }
        let end = offset &+ bytes.count
        guard !bytes.isEmpty, end <= Self.maximumLength, heldBytes &+ max(0, end &- datagram.bytes.count) <= maximumBytes,
            datagram.parts.count < Self.maximumParts
        else {
            refused &+= 1
            giveUp(&datagram)
            return nil
        }
        if end > datagram.bytes.count {
            heldBytes &+= end &- datagram.bytes.count
            datagram.bytes.append(contentsOf: repeatElement(0, count: end &- datagram.bytes.count))
        }
        for position in 0..<bytes.count { datagram.bytes[offset &+ position] = bytes[position] }
        Self.join(offset..<end, into: &datagram.parts)
        if !more { datagram.length = end }
        guard let length = datagram.length, datagram.parts.count == 1, datagram.parts[0].lowerBound == 0,
            datagram.parts[0].upperBound >= length
        else { return nil }
        var whole = datagram.bytes
        whole.removeLast(whole.count &- length)
        giveUp(&datagram)
        return whole
    }

    private mutating func giveUp(_ datagram: inout Datagram) {
        heldBytes &-= datagram.bytes.count
        datagram.bytes = []
        datagram.parts = []
        datagram.isGivenUp = true
    }

    private mutating func makeRoom(for key: Key) {
        guard datagrams[key] == nil else { return }
        datagrams[key] = Datagram()
        guard order.count >= capacity else { return order.append(key) }
        if var gone = datagrams.removeValue(forKey: order[oldest]) {
            if !gone.isGivenUp, !gone.parts.isEmpty { refused &+= 1 }
            giveUp(&gone)
        }
        order[oldest] = key
        oldest = oldest &+ 1 < capacity ? oldest &+ 1 : 0
    }

    /// Joins a range into a sorted list of ranges that do not touch.
    private static func join(_ range: Range<Int>, into parts: inout [Range<Int>]) {
        var merged = range
        parts.removeAll { part in
            guard part.lowerBound <= merged.upperBound, merged.lowerBound <= part.upperBound else { return false }
            merged = min(part.lowerBound, merged.lowerBound)..<max(part.upperBound, merged.upperBound)
            return true
        }
        parts.insert(merged, at: parts.firstIndex { $0.lowerBound > merged.lowerBound } ?? parts.count)
    }
}

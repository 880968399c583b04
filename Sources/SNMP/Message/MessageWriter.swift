import Campus

/// A message in BER, written from its end to its beginning, so that each length is known when its header is.
///
/// The buffer is made once; a message that does not fit in it is no message, as `isComplete` says.
struct MessageWriter {
    /// As much as a UDP datagram holds.
    static let capacity = 65_507

    private(set) var buffer = [UInt8](repeating: 0, count: capacity)
    private(set) var start = capacity
    private(set) var isComplete = true

    mutating func removeAll() {
        start = Self.capacity
        isComplete = true
    }

    var count: Int { Self.capacity - start }

    mutating func octet(_ octet: UInt8) {
        guard start > 0 else {
            isComplete = false
            return
        }
        start -= 1
        buffer[start] = octet
    }

    mutating func octets(_ octets: some BidirectionalCollection<UInt8>) {
        for octet in octets.reversed() { self.octet(octet) }
    }

    /// The tag and length of everything written since `end` octets were there.
    mutating func header(_ tag: UInt8, since end: Int) {
        var length = count - end
        if length < 0x80 {
            octet(UInt8(truncatingIfNeeded: length))
        } else {
            var size: UInt8 = 0
            while length > 0 {
                octet(UInt8(truncatingIfNeeded: length))
                length >>= 8
                size += 1
            }
            octet(0x80 | size)
        }
        octet(tag)
    }

    mutating func integer(_ number: Int64) {
        let end = count
        var rest = number
        repeat {
            octet(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        } while !(rest == 0 && buffer[start] < 0x80 || rest == -1 && buffer[start] >= 0x80) && isComplete
        header(Tag.integer, since: end)
    }

    mutating func string(_ bytes: some BidirectionalCollection<UInt8>) {
        let end = count
        octets(bytes)
        header(Tag.octets, since: end)
    }

    /// X.690 §8.19; fewer than two arcs are written as 0.0.
    mutating func identifier(_ arcs: ArraySlice<UInt32>) {
        let end = count
        guard arcs.count >= 2 else {
            octet(0)
            return header(Tag.objectIdentifier, since: end)
        }
        let first = arcs.startIndex
        for place in arcs.indices.dropFirst(2).reversed() { subidentifier(UInt64(arcs[place])) }
        subidentifier(UInt64(arcs[first]) * 40 + UInt64(arcs[first + 1]))
        header(Tag.objectIdentifier, since: end)
    }

    private mutating func subidentifier(_ arc: UInt64) {
        octet(UInt8(truncatingIfNeeded: arc & 0x7f))
        var rest = arc >> 7
        while rest > 0 {
            octet(UInt8(truncatingIfNeeded: rest & 0x7f | 0x80))
            rest >>= 7
        }
    }

    /// The octets written so far, in the order of the message.
    var message: ArraySlice<UInt8> { buffer[start...] }

    /// Puts `octets` over what stands `distance` octets before the end.
    mutating func replace(_ octets: [UInt8], at distance: Int) {
        let place = Self.capacity - distance
        guard place >= start, place + octets.count <= Self.capacity else { return }
        for (offset, octet) in octets.enumerated() { buffer[place + offset] = octet }
    }

    /// Puts `octets` in place of everything written so far.
    mutating func replaceAll(with octets: ArraySlice<UInt8>) {
        removeAll()
        self.octets(octets)
    }
}

/// Tags of SNMP messages (RFC 3416 §3, RFC 2578 §7.1).
enum Tag {
    static let integer: UInt8 = 0x02
    static let octets: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30
    static let get: UInt8 = 0xa0
    static let getNext: UInt8 = 0xa1
    static let response: UInt8 = 0xa2
    static let trapV1: UInt8 = 0xa4
    static let getBulk: UInt8 = 0xa5
    static let inform: UInt8 = 0xa6
    static let trapV2: UInt8 = 0xa7
    static let report: UInt8 = 0xa8
}

extension MessageWriter {
    /// The request's PDU (RFC 3416 §4.2): names with the value null.
    mutating func request(_ question: Question, id: Int32) {
        let end = count
        for index in (0..<question.count).reversed() {
            let before = count
            octet(0)
            octet(Tag.null)
            identifier(question.arcs[question.range(index)])
            header(Tag.sequence, since: before)
        }
        header(Tag.sequence, since: end)
        let tag: UInt8
        switch question.command {
        case .get: tag = Tag.get
        case .getNext: tag = Tag.getNext
        case .getBulk: tag = Tag.getBulk
        }
        // GETBULK has non-repeaters and max-repetitions where the others have error-status and error-index.
        if case .getBulk(let repetitions) = question.command { integer(Int64(repetitions)) } else { integer(0) }
        integer(0)
        integer(Int64(id))
        header(tag, since: end)
    }

    /// The message of SNMPv1 or v2c (RFC 1157 §4, RFC 1901 §3) around the PDU that was written.
    mutating func community(_ community: [UInt8], version: SNMPCredential.Version) {
        string(community)
        integer(version == .v1 ? 0 : 1)
        header(Tag.sequence, since: 0)
    }
}

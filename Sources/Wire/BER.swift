/// One element of BER (X.690): its tag, and where its content lies.
@frozen @usableFromInline
package struct BERElement: Sendable {
    @usableFromInline package let tag: UInt8
    @usableFromInline package let start: Int
    /// After the last octet: where the next element begins.
    @usableFromInline package let end: Int

    @inlinable @inline(__always)
    package init(tag: UInt8, start: Int, end: Int) {
        self.tag = tag
        self.start = start
        self.end = end
    }
}

/// BER as SNMP restricts it (RFC 3417 §8): tags of one octet, definite lengths.
extension Span<UInt8> {
    /// The element at `offset`, all of which lies before `limit`.
    @inlinable
    package func element(at offset: Int, before limit: Int, _ field: StaticName) throws(WireError) -> BERElement {
        let limit = Swift.min(limit, count)
        guard offset >= 0, offset <= limit &- 2 else {
            throw .truncated(field: field, needed: 2, available: Swift.max(0, limit &- offset))
        }
        var start = offset &+ 2
        var length = Int(self[offset &+ 1])
        if length >= 0x80 {
            let size = length & 0x7f
            // Four octets reach further than any datagram; 0x80 is the indefinite form.
            guard size >= 1, size <= 4 else { throw .unexpected(field: field, value: length) }
            guard start <= limit &- size else { throw .truncated(field: field, needed: size, available: limit &- start) }
            length = 0
            for place in start..<(start &+ size) { length = length << 8 | Int(self[place]) }
            start &+= size
        }
        guard length <= limit &- start else { throw .impossibleLength(field: field, claimed: length, available: limit &- start) }
        return BERElement(tag: self[offset], start: start, end: start &+ length)
    }

    /// As `element(at:before:_:)`, with the tag that must be there.
    @inlinable
    package func element(_ tag: UInt8, at offset: Int, before limit: Int, _ field: StaticName) throws(WireError) -> BERElement {
        let element = try element(at: offset, before: limit, field)
        guard element.tag == tag else { throw .unexpected(field: field, value: Int(element.tag)) }
        return element
    }

    /// An INTEGER of up to eight octets.
    @inlinable
    package func integer(_ element: BERElement, _ field: StaticName) throws(WireError) -> Int64 {
        let size = element.end &- element.start
        guard size >= 1, size <= 8 else { throw .impossibleLength(field: field, claimed: size, available: 8) }
        var value = Int64(Int8(bitPattern: self[element.start]))
        for place in (element.start &+ 1)..<element.end { value = value << 8 | Int64(self[place]) }
        return value
    }

    /// A Counter32, Gauge32, TimeTicks or Counter64: up to eight octets, and a 0 before them. Agents that forget the 0 mean no
    /// negative number.
    @inlinable
    package func unsigned(_ element: BERElement, _ field: StaticName) throws(WireError) -> UInt64 {
        let size = element.end &- element.start
        guard size >= 1, size <= 9, size < 9 || self[element.start] == 0 else {
            throw .impossibleLength(field: field, claimed: size, available: 8)
        }
        var value: UInt64 = 0
        for place in element.start..<element.end { value = value << 8 | UInt64(self[place]) }
        return value
    }

    /// An OBJECT IDENTIFIER into `arcs`, which is emptied before.
    @inlinable
    package func identifier(_ element: BERElement, into arcs: inout [UInt32], _ field: StaticName) throws(WireError) {
        arcs.removeAll(keepingCapacity: true)
        var place = element.start
        while place < element.end {
            var arc = UInt64(self[place] & 0x7f)
            var size = 1
            while self[place] >= 0x80 {
                place &+= 1
                size &+= 1
                guard place < element.end else { throw .truncated(field: field, needed: 1, available: 0) }
                guard size <= 5 else { throw .impossibleLength(field: field, claimed: size, available: 5) }
                arc = arc << 7 | UInt64(self[place] & 0x7f)
            }
            place &+= 1
            if arcs.isEmpty {
                // X.690 §8.19.4: the first two arcs are one number.
                let first = Swift.min(arc / 40, 2)
                arcs.append(UInt32(truncatingIfNeeded: first))
                arc -= first * 40
            }
            guard arc <= UInt64(UInt32.max), arcs.count < 128 else { throw .unexpected(field: field, value: arcs.count) }
            arcs.append(UInt32(truncatingIfNeeded: arc))
        }
    }
}

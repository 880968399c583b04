/// The 16 bytes before each frame in the ring: length kept and shift, length on the wire, time.
struct RecordHeader: BitwiseCopyable {
    static let byteCount = 16
    /// The length that marks a filler; frames are shorter.
    static let fillerLength = 0xff_ffff

    private let lengthAndShift: UInt32
    private let wireLength: UInt32
    private let at: Int64

    init(_ length: Int, _ mark: FrameMark) {
        lengthAndShift = UInt32(truncatingIfNeeded: length) | UInt32(mark.samplingShift) << 24
        wireLength = UInt32(clamping: mark.wireLength)
        at = mark.at
    }

    static let filler = RecordHeader(fillerLength, FrameMark(wireLength: 0, at: 0))

    var length: Int { Int(lengthAndShift & 0xff_ffff) }
    var isFiller: Bool { length == RecordHeader.fillerLength }
    var mark: FrameMark {
        FrameMark(wireLength: Int(wireLength), at: at, samplingShift: UInt8(truncatingIfNeeded: lengthAndShift >> 24))
    }

    /// Bytes that a frame takes in the ring.
    static func recordBytes(of length: Int) -> Int { (byteCount &+ length &+ 15) & ~15 }
}

/// The ring's bytes. `@unchecked`: the ring's two indices say which thread may touch which bytes.
@safe struct RingStorage: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
    }

    deinit { unsafe base.deallocate() }

    func store(_ header: RecordHeader, at offset: Int) {
        precondition(offset >= 0 && offset &+ RecordHeader.byteCount <= byteCount)
        unsafe base.storeBytes(of: header, toByteOffset: offset, as: RecordHeader.self)
    }

    func header(at offset: Int) -> RecordHeader {
        precondition(offset >= 0 && offset &+ RecordHeader.byteCount <= byteCount)
        return unsafe base.load(fromByteOffset: offset, as: RecordHeader.self)
    }

    func copy(_ frame: Span<UInt8>, to offset: Int) {
        precondition(offset >= 0 && offset &+ frame.count <= byteCount)
        unsafe frame.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe (base + offset).copyMemory(from: start, byteCount: bytes.count) }
        }
    }

    func lend(_ offset: Int, count: Int, _ body: (Span<UInt8>) -> Void) {
        precondition(offset >= 0 && offset &+ count <= byteCount)
        body(unsafe Span(_unsafeStart: (base + offset).assumingMemoryBound(to: UInt8.self), count: count))
    }
}

import Testing
import Wire

@Suite struct BERTests {
    private func parsed(_ bytes: [UInt8]) throws -> (Int64?, UInt64?, [UInt32]) {
        let element = try bytes.span.element(at: 0, before: bytes.count, "test")
        var arcs: [UInt32] = []
        try? bytes.span.identifier(element, into: &arcs, "test")
        return (try? bytes.span.integer(element, "test"), try? bytes.span.unsigned(element, "test"), arcs)
    }

    @Test(
        arguments: [
            ([2, 1, 0], 0), ([2, 1, 0x7f], 127), ([2, 2, 0, 0x80], 128), ([2, 1, 0x80], -128), ([2, 1, 0xff], -1),
            ([2, 4, 0x80, 0, 0, 0], -2_147_483_648), ([2, 0x81, 1, 5], 5), ([2, 0x84, 0, 0, 0, 1, 5], 5),
            ([2, 8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Int64.max),
        ] as [([UInt8], Int64)])
    func `integers have a sign`(bytes: [UInt8], value: Int64) throws {
        #expect(try parsed(bytes).0 == value)
    }

    @Test(
        arguments: [
            ([0x41, 5, 0, 0xff, 0xff, 0xff, 0xff], 4_294_967_295),
            // Without the 0 that X.690 §8.3 wants before it: what such agents mean is plain.
            ([0x41, 4, 0xff, 0xff, 0xff, 0xff], 4_294_967_295),
            ([0x46, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], UInt64.max),
        ] as [([UInt8], UInt64)])
    func `counters have none`(bytes: [UInt8], value: UInt64) throws {
        #expect(try parsed(bytes).1 == value)
    }

    @Test(
        arguments: [
            ([6, 1, 0x2b], [1, 3]), ([6, 3, 0x2b, 0x86, 0x01], [1, 3, 769]), ([6, 1, 0], [0, 0]),
            ([6, 2, 0x88, 0x37], [2, 999]),
            ([6, 6, 0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f], [1, 3, 4_294_967_295]), ([6, 0], []),
        ] as [([UInt8], [UInt32])])
    func `identifiers are split into arcs`(bytes: [UInt8], arcs: [UInt32]) throws {
        #expect(try parsed(bytes).2 == arcs)
    }

    @Test(
        arguments: [
            [2], [2, 0x80], [2, 0x85, 0, 0, 0, 0, 1, 5], [2, 2, 1], [2, 0x82, 1], [2, 0x84, 0xff, 0xff, 0xff, 0xff, 0], [],
        ] as [[UInt8]])
    func `a length that cannot be is an error`(bytes: [UInt8]) {
        #expect(throws: WireError.self) { try bytes.span.element(at: 0, before: bytes.count, "test") }
    }

    @Test(arguments: [[2, 0], [2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]])
    func `a number of no size, or too large, is an error`(bytes: [UInt8]) throws {
        #expect(try parsed(bytes).0 == nil)
        #expect(try parsed(bytes).1 == nil)
    }

    @Test(
        arguments: [
            [6, 2, 0x2b, 0x86], [6, 7, 0x2b, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [6, 6, 0x2b, 0x9f, 0xff, 0xff, 0xff, 0x7f],
        ] as [[UInt8]])
    func `an arc that does not end, or is too large, is an error`(bytes: [UInt8]) throws {
        let element = try bytes.span.element(at: 0, before: bytes.count, "test")
        var arcs: [UInt32] = []
        #expect(throws: WireError.self) { try bytes.span.identifier(element, into: &arcs, "test") }
    }
}

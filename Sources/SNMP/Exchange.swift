import Campus
import Wire

/// What became of the open request of an agent.
enum ExchangeEvent {
    case replied(ReplyHead)
    /// A v3 report (RFC 3414 §3.2); nil for one that is not of USM.
    case refused(USMReason?)
    /// v3: the agent told its engine's time; the same question again will be heard.
    case clockSet
    case timedOut
}

/// The question that is open with one agent, and the run that its answers go into.
struct Exchange {
    var run: RequestRun?
    /// The request that is open; a reply to any other is foreign.
    var openRequest: Int32?
    /// Which try of the question is open, 0 for the first.
    var attempt = 0
    /// Whether replies are values for `run`, and not an answer to a question of our own.
    var collects = false
    /// Requests that were sent again because the engine's clock had to be set first.
    var resynchronised = 0

    /// Takes a PDU that an agent sent; nil when it answers nothing that is open.
    mutating func take(
        _ bytes: Span<UInt8>, at offset: Int, before limit: Int, _ reader: inout BindingReader
    ) throws(WireError) -> ExchangeEvent? {
        let head = try PDUHead(parsing: bytes, at: offset, before: limit)
        guard head.tag == Tag.response, let openRequest, head.requestID == Int64(openRequest) else { return nil }
        // Before anything is taken: a reply that ends in rubbish is none.
        let count = try reader.countBindings(bytes, head.bindings)
        guard collects, run != nil else { return .replied(head.reply) }
        run?.beginReply()
        if head.reply.errorStatus == ErrorStatus.noError {
            var next = head.bindings.start
            for _ in 0..<count {
                // A name that cannot be read ends the reply there; what is left is asked again.
                guard let after = try? reader.read(bytes, at: next, before: head.bindings.end) else { break }
                next = after
                run?.take(&reader, bytes)
            }
        }
        run?.endReply(head.reply, attempt: attempt)
        return .replied(head.reply)
    }
}

extension BindingReader {
    /// How many bindings there are, each of them whole.
    func countBindings(_ bytes: Span<UInt8>, _ list: BERElement) throws(WireError) -> Int {
        var count = 0
        var next = list.start
        while next < list.end {
            let binding = try bytes.element(Tag.sequence, at: next, before: list.end, "variable-binding")
            let name = try bytes.element(Tag.objectIdentifier, at: binding.start, before: binding.end, "name")
            _ = try bytes.element(at: name.end, before: binding.end, "value")
            next = binding.end
            count += 1
        }
        return count
    }
}

extension RequestRun {
    /// Judges the binding that was read and appends it when it belongs here.
    mutating func take(_ reader: inout BindingReader, _ bytes: Span<UInt8>) {
        let tag = reader.isReadable(bytes) ? reader.tag : nil
        guard admits(reader.name.span, tag: tag), let tag else { return }
        append { bindings in
            // It was readable a moment ago.
            try? reader.append(bytes, tag, to: &bindings)
        }
    }
}

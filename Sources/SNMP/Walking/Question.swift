/// One request PDU before it is encoded: a command and the names it asks for, in two arrays that are used again and again.
struct Question {
    enum Command {
        case get, getNext
        case getBulk(repetitions: Int)
    }

    var command = Command.get
    private(set) var arcs: [UInt32] = []
    private(set) var ends: [Int] = []

    var count: Int { ends.count }

    mutating func removeAll() {
        arcs.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func append(_ name: some Sequence<UInt32>) {
        arcs.append(contentsOf: name)
        ends.append(arcs.count)
    }

    func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }
}

/// The head of a response PDU (RFC 3416 §3).
struct ReplyHead {
    var errorStatus: Int
    /// 1-based; 0 when it names no binding.
    var errorIndex: Int
}

/// The error-status values that change what is asked next (RFC 3416 §3); any other ends the column or the request.
enum ErrorStatus {
    static let noError = 0
    static let tooBig = 1
    static let noSuchName = 2

    /// RFC 3416's word for a status.
    static func word(_ status: Int) -> String {
        let words = [
            "noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength",
            "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed", "undoFailed",
            "authorizationError", "notWritable", "inconsistentName",
        ]
        return words.indices.contains(status) ? words[status] : "error status \(status)"
    }
}

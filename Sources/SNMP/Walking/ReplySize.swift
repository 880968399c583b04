/// How many bindings to ask an agent for in one go: what it has proved to answer.
struct ReplySize {
    /// Names in one request, so that it passes any network in one piece.
    static let mostNames = 48

    /// The most that an agent answers at all; learned from tooBig and from silence.
    private(set) var capacity: Int
    /// What fitted into the last reply that the agent cut; asking for more makes it work for nothing.
    private(set) var fitting: Int
    /// Full-size requests in a row that only a smaller one got an answer for.
    private var suspicions = 0
    /// Retries shrink the request by this many halvings each.
    private static let shrinkEach = 2

    init(capacity: Int, fitting: Int) {
        self.capacity = max(1, capacity)
        self.fitting = max(1, min(fitting, capacity))
    }

    /// The room of a request for try number `attempt`, 0 for the first. The first retry is the same again: most losses are chance.
    func room(attempt: Int) -> Int { max(1, min(fitting, capacity) >> Self.shrink(attempt)) }

    static func shrink(_ attempt: Int) -> Int { max(0, attempt - 1) * shrinkEach }

    /// A reply brought `received` of `wanted` bindings. Neighbouring rows differ in length, so the guess may grow again.
    mutating func replied(received: Int, wanted: Int, attempt: Int) {
        fitting = received < wanted ? max(1, received) : max(fitting, wanted * 2)
        learn(from: attempt)
        fitting = min(capacity, fitting)
    }

    mutating func tooBig(asked: Int) { capacity = max(1, asked / 2) }

    /// An answer that came only when asked for less, twice running, is no chance: keep to the smaller size.
    private mutating func learn(from attempt: Int) {
        guard attempt > 1 else {
            suspicions = 0
            return
        }
        suspicions += 1
        if suspicions >= 2 { capacity = max(1, capacity >> Self.shrink(attempt)) }
    }
}

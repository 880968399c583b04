/// What one source tried lately without being answered: a bounded list of targets, the oldest giving way.
struct ProbeLog {
    /// A port, or an address reduced to 64 bits; `group` joins neighbours.
    struct Probe {
        var target: UInt64
        var group: UInt64
        var at: Int64
        var isRefused = false
    }

    private(set) var firstAt: Int64 = 0
    /// Different targets that did not answer, those no longer listed included.
    private(set) var unanswered = 0
    private(set) var answered = 0
    var repetition = Repetition()
    private var probes: [Probe] = []
    private var oldest = 0
    private var lastAt: Int64 = .min
    static let capacity = 128

    var listed: Int { probes.count }

    /// Notes a try; a target that is listed already only keeps its place. After `window` of silence all starts anew.
    mutating func note(_ target: UInt64, group: UInt64, at now: Int64, window: Int64) {
        if probes.isEmpty || now &- lastAt > window { restart(at: now) }
        lastAt = now
        if probes.contains(where: { $0.target == target }) { return }
        unanswered &+= 1
        let probe = Probe(target: target, group: group, at: now)
        if probes.count < ProbeLog.capacity {
            probes.append(probe)
        } else {
            probes[oldest] = probe
            oldest = (oldest &+ 1) % ProbeLog.capacity
        }
    }

    /// The target answered: it was no blind try.
    mutating func answer(_ target: UInt64) {
        answered &+= 1
        guard let index = probes.firstIndex(where: { $0.target == target }) else { return }
        probes.swapAt(index, probes.count - 1)
        probes.removeLast()
        oldest = probes.isEmpty ? 0 : oldest % probes.count
        unanswered = max(0, unanswered - 1)
    }

    /// The target refused: there is no need to wait for more.
    mutating func refuse(_ target: UInt64) {
        guard let index = probes.firstIndex(where: { $0.target == target }) else { return }
        probes[index].isRefused = true
    }

    /// Targets of the last `window` that refused or were silent for `grace`; of one group only, if given.
    func silent(at now: Int64, grace: Int64, window: Int64, group: UInt64? = nil) -> Int {
        probes.count { probe in
            now &- probe.at <= window && (probe.isRefused || now &- probe.at >= grace) && (group == nil || probe.group == group)
        }
    }

    /// The group of the newest target.
    var newestGroup: UInt64? { probes.max { $0.at < $1.at }?.group }

    private mutating func restart(at now: Int64) {
        probes.removeAll(keepingCapacity: true)
        oldest = 0
        firstAt = now
        unanswered = 0
        answered = 0
        repetition = Repetition()
    }
}

/// What became of a source that was looked at.
enum Judgement {
    /// Some targets may still answer: look again.
    case open
    case innocent
    /// That many targets were silent, the first tried at `firstAt`.
    case guilty(count: Int, firstAt: Int64)
}

/// The sources whose tries are many enough to be looked at when their targets had time to answer; bounded.
struct Suspects<Key: Hashable> {
    private var keys: Set<Key> = []
    static var capacity: Int { 2048 }

    mutating func add(_ key: Key) { if keys.count < Self.capacity { keys.insert(key) } }

    mutating func take() -> Set<Key> {
        if keys.isEmpty { return keys }
        defer { keys.removeAll(keepingCapacity: true) }
        return keys
    }
}

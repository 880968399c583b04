import Campus

/// How much each source may send: a bucket of tokens that fills again with time. Bounded, whoever sends.
struct SourceLimit {
    /// At once.
    let burst: Double
    let perSecond: Double
    /// Sources that are told apart; when there are more, those that have long been quiet are forgotten.
    static let maximumSources = 4096

    private struct Bucket {
        var tokens: Double
        var at: UInt64
    }

    private var buckets: [IPAddress: Bucket] = [:]

    init(burst: Int, perSecond: Int) {
        self.burst = Double(burst)
        self.perSecond = Double(perSecond)
    }

    /// Whether one more from `source` is within its limit at `now`, nanoseconds of the monotonic clock.
    mutating func admits(_ source: IPAddress, now: UInt64) -> Bool {
        if buckets[source] == nil, buckets.count >= Self.maximumSources { forgetFull(now) }
        guard buckets[source] != nil || buckets.count < Self.maximumSources else { return false }
        var bucket = buckets[source] ?? Bucket(tokens: burst, at: now)
        bucket.tokens = filled(bucket, now)
        bucket.at = now
        defer { buckets[source] = bucket }
        guard bucket.tokens >= 1 else { return false }
        bucket.tokens -= 1
        return true
    }

    private func filled(_ bucket: Bucket, _ now: UInt64) -> Double {
        min(burst, bucket.tokens + Double(now &- bucket.at) / 1e9 * perSecond)
    }

    private mutating func forgetFull(_ now: UInt64) {
        buckets = buckets.filter { filled($0.value, now) < burst }
    }
}

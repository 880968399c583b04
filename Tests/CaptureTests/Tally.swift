import Synchronization

/// A number that several threads add to.
final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .acquiring) }

    func add(_ amount: Int = 1) { count.add(amount, ordering: .releasing) }
}

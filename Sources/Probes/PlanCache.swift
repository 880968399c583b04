import Synchronization

/// Plans by the definitions they are made of: devices of one kind share one, and the memory that it takes.
final class PlanCache: Sendable {
    private let plans = Mutex<[[String]: DevicePlan]>([:])
    /// More kinds of devices than a campus has.
    private static let limit = 1024

    func plan(for definitions: [String], _ make: () -> DevicePlan) -> DevicePlan {
        if let known = plans.withLock({ $0[definitions] }) { return known }
        let plan = make()
        plans.withLock { plans in
            if plans.count >= Self.limit { plans.removeAll() }
            plans[definitions] = plan
        }
        return plan
    }
}

import Synchronization

/// Whose keys libsnmp holds for one user of one engine.
///
/// Its table of users is global and knows one key for each (engine, user), so a wrong password would be answered with the right
/// keys of another session, and two devices with one engine id would take turns at failing. Each session puts its own keys in
/// place when another's are there.
final class UserSlot: Sendable {
    private struct Key: Hashable {
        var engineID: [UInt8]
        var user: String
    }

    private static let slots = Mutex<[Key: UserSlot]>([:])
    private static let lastStamp = Atomic<UInt64>(0)

    private let holder = Atomic<UInt64>(0)

    static func slot(engineID: [UInt8], user: String) -> UserSlot {
        slots.withLock { slots in
            let key = Key(engineID: engineID, user: user)
            if let known = slots[key] { return known }
            let slot = UserSlot()
            slots[key] = slot
            return slot
        }
    }

    /// A number that no other session has.
    static func stamp() -> UInt64 { lastStamp.add(1, ordering: .relaxed).newValue }

    func isHeld(by stamp: UInt64) -> Bool { holder.load(ordering: .relaxed) == stamp }

    func take(_ stamp: UInt64) { holder.store(stamp, ordering: .relaxed) }
}

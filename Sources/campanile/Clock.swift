import Campus
import Capture

/// The present, for commands.
enum Clock {
    static var now: Timestamp { WallClock.now }
}

import Campus
import Probes

/// What the poller knows of one device between two looks.
struct DeviceRecord: Sendable {
    var device: PolledDevice
    var health = DeviceHealth()
    var schedule: DeviceSchedule
    /// The plan of the last full poll, narrowed to what answered, and its report without the bulk.
    var plan: DevicePlan?
    var baseline = DeviceReport()
    /// The counters that the next rates start from.
    var last: InterfaceReadings?
    var hasLoadedLast = false
    /// Interfaces that the last fast poll brought.
    var fastRows: Int?
    /// Something changed that only a full poll can tell: a reboot, other interfaces.
    var wantsFull = false
    /// When a change last asked for a full poll.
    var refreshedAt: Duration?
    /// When a poll was last handed to the store.
    var recordedAt: Duration?
    /// Whether the id is the one that the device's own identity gives.
    var hasOwnID = false

    init(device: PolledDevice, schedule: DeviceSchedule) {
        self.device = device
        self.schedule = schedule
    }
}

/// What one look brought.
struct LookResult: Sendable {
    var record: DeviceRecord
    /// What is to be stored; nil when there is nothing new.
    var poll: DevicePoll?
    /// The id that the device's identity gives, when it is another than the record's.
    var trueID: DeviceID?
    var change = DeviceHealth.Change.none
    var sighting: Sighting
    var pduCount = 0
    var retries = 0
    var malformed = 0
    var duration: Duration = .zero
}

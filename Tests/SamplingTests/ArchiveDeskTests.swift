import Campus
import Capture
import Logging
import Synchronization
import Testing

@testable import Sampling

struct ArchiveDeskTests {
    private func observation(_ count: Int) -> Observation {
        Observation(
            observationClass: "port_scan", severity: .medium, at: Timestamp(seconds: 1), firstAt: Timestamp(seconds: 1),
            count: count)
    }

    private func desk(
        _ mailbox: Mailbox, _ archive: RecordingArchive, _ tell: @escaping @Sendable ([Observation]) -> Void = { _ in }
    ) -> ArchiveDesk {
        ArchiveDesk(
            mailbox: mailbox, archive: archive, startedAt: Timestamp(seconds: 0),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onObservations: tell)
    }

    @Test func `observations are told after they were stored, in order`() throws {
        let archive = RecordingArchive()
        let mailbox = try Mailbox()
        for count in 1...3 { mailbox.post(.observations([observation(count)])) }
        mailbox.close()
        let heard = Heard()
        var desk = desk(mailbox, archive) { observations in
            heard.note(observations.map(\.count), stored: archive.contents.observations.count)
        }
        desk.run()
        #expect(heard.counts == [1, 2, 3])
        #expect(heard.storedThen == [1, 2, 3])
    }

    @Test func `what the store refuses is tried again and nothing is lost`() async throws {
        let archive = RecordingArchive()
        archive.refuse(true)
        let mailbox = try Mailbox()
        let heard = Heard()
        for count in 1...3 { mailbox.post(.observations([observation(count)])) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await OwnThread.run(named: "desk") {
                    var desk = self.desk(mailbox, archive) { heard.note($0.map(\.count), stored: 0) }
                    desk.run()
                }
            }
            let wasRefused = try await eventually { archive.contents.refusals > 0 }
            #expect(wasRefused)
            #expect(heard.counts.isEmpty)
            archive.refuse(false)
            let isStored = try await eventually { archive.contents.observations.count == 3 }
            #expect(isStored)
            mailbox.close()
            try await group.waitForAll()
        }
        #expect(heard.counts == [1, 2, 3])
    }

    @Test func `a store that refuses to the very end does not hold the stop`() throws {
        let archive = RecordingArchive()
        archive.refuse(true)
        let mailbox = try Mailbox()
        mailbox.post(.observations([observation(1)]))
        mailbox.close()
        var desk = desk(mailbox, archive)
        desk.run()
        #expect(archive.contents.refusals == 1)
    }

    @Test func `a full mailbox refuses and counts`() throws {
        let mailbox = try Mailbox()
        for _ in 0..<(Mailbox.capacity + 5) { mailbox.post(.observations([])) }
        #expect(mailbox.refusedCount == 5)
        #expect(mailbox.take()?.count == Mailbox.capacity)
    }
}

/// What a listener heard.
final class Heard: Sendable {
    private let mutex = Mutex<(counts: [Int], storedThen: [Int])>(([], []))

    var counts: [Int] { mutex.withLock { $0.counts } }
    var storedThen: [Int] { mutex.withLock { $0.storedThen } }

    func note(_ counts: [Int], stored: Int) {
        mutex.withLock { heard in
            heard.counts += counts
            heard.storedThen.append(stored)
        }
    }
}

import Glibc

/// Sockets that systemd opened for us (sd_listen_fds(3)), by the names of their units' FileDescriptorName.
struct ActivatedSockets {
    /// The first descriptor that is handed over.
    private static let first: Int32 = 3

    private let names: [String]

    init(environment: [String: String], processID: Int32 = getpid()) {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int($0) }),
            (1...64).contains(count)
        else {
            names = []
            return
        }
        let told = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false).map {
            String($0)
        }
        names = (0..<count).map { $0 < told.count ? told[$0] : "" }
    }

    func descriptor(named name: String) -> Int32? {
        names.firstIndex(of: name).map { Self.first + Int32($0) }
    }
}

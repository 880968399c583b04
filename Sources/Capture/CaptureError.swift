/// Why a capture could not start or go on: the thing, the reason, the remedy.
package enum CaptureError: Error, Hashable, Sendable {
    case notPermitted(interface: String)
    case noSuchInterface(String, existing: [String])
    /// The interface was removed while it was being captured.
    case interfaceVanished(String)
    case interfaceDown(String)
    case badFilter(String, reason: String)
    case fileMissing(String)
    case fileUnreadable(String, reason: String)
    case fileEmpty(String)
    case notACapture(String, reason: String)
    /// The file ends inside a record; what stood before it was delivered.
    case truncated(String, frames: Int)
    /// A record contradicts the file's header; what stood before it was delivered.
    case damaged(String, frames: Int, reason: String)
    /// The frames are of a kind no dissector reads. `number` is the LINKTYPE_ of the pcap format.
    case unsupportedLinkType(source: String, name: String, number: Int32)
    case failed(source: String, reason: String)

    /// Whether waiting can help, so that a live capture tries again.
    package var mayHeal: Bool {
        switch self {
        case .noSuchInterface, .interfaceVanished, .interfaceDown, .notPermitted, .failed: true
        default: false
        }
    }

    /// Whether the frames delivered before the error are whole and worth reporting.
    package var leavesUsableFrames: Bool {
        switch self {
        case .truncated, .damaged: true
        default: false
        }
    }
}

extension CaptureError: CustomStringConvertible {
    /// `thing: reason: remedy` in one line.
    package var description: String { "\(what): \(reason): \(remedy)" }

    /// The interface or file.
    package var what: String {
        switch self {
        case .notPermitted(let name), .noSuchInterface(let name, _), .interfaceVanished(let name), .interfaceDown(let name):
            "interface \(name)"
        case .badFilter(let expression, _): "filter \"\(expression)\""
        case .fileMissing(let path), .fileUnreadable(let path, _), .fileEmpty(let path), .notACapture(let path, _),
            .truncated(let path, _), .damaged(let path, _, _):
            path
        case .unsupportedLinkType(let source, _, _), .failed(let source, _): source
        }
    }

    package var reason: String {
        switch self {
        case .notPermitted: "no permission to capture, CAP_NET_RAW is missing"
        case .noSuchInterface: "no such interface"
        case .interfaceVanished: "the interface vanished"
        case .interfaceDown: "the interface is down"
        case .badFilter(_, let reason), .fileUnreadable(_, let reason), .notACapture(_, let reason), .failed(_, let reason):
            reason
        case .fileMissing: "no such file"
        case .fileEmpty: "the file is empty"
        case .truncated(_, let frames): "the file ends in the middle of a record, after \(frames) whole frames"
        case .damaged(_, let frames, let reason): "damaged after \(frames) whole frames, \(reason)"
        case .unsupportedLinkType(_, let name, let number): "link type \(name) (\(number)) is not supported"
        }
    }

    package var remedy: String {
        switch self {
        case .notPermitted:
            "run under the systemd unit (AmbientCapabilities=CAP_NET_RAW), as root, or grant it with setcap cap_net_raw+ep"
        case .noSuchInterface(_, let existing): "choose one of \(existing.joined(separator: ", "))"
        case .interfaceVanished: "plug it in or create it again, capturing goes on by itself"
        case .interfaceDown(let name): "bring it up with: ip link set \(name) up"
        case .badFilter: "write it as pcap-filter(7) says, or leave it empty"
        case .fileMissing: "check the path"
        case .fileUnreadable: "make it a file that this user may read"
        case .fileEmpty, .truncated: "capture or copy it again"
        case .notACapture: "give a pcap or pcapng file"
        case .damaged: "copy it again or repair it with: editcap"
        case .unsupportedLinkType: "capture on an Ethernet, cooked, raw IP or loopback interface"
        case .failed: "see the reason; the capture is tried again"
        }
    }
}

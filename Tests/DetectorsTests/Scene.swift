import Campus
import Testing

@testable import Traffic

/// Plays facts to a detector at chosen instants, in milliseconds from zero.
struct Scene<Watcher: Detector> {
    var watcher: Watcher

    init(_ watcher: Watcher) { self.watcher = watcher }

    /// A SYN that opens a flow.
    mutating func syn(_ source: String, _ destination: String, _ port: Int, at milliseconds: Int, from sourcePort: Int = 40_000) {
        packet(6, source, sourcePort, destination, port, at: milliseconds) { fact in
            fact.tcpFlags = 2
            fact.isNewFlow = true
            fact.initiatorPackets = 1
        }
    }

    /// SYN-ACK, the third packet of the handshake with it.
    mutating func accept(
        _ source: String, _ destination: String, _ port: Int, at milliseconds: Int, from sourcePort: Int = 40_000
    ) {
        packet(6, destination, port, source, sourcePort, at: milliseconds) { fact in
            fact.tcpFlags = 18
            fact.isFromInitiator = false
            fact.initiatorPackets = 1
            fact.responderPackets = 1
        }
        packet(6, source, sourcePort, destination, port, at: milliseconds) { fact in
            fact.tcpFlags = 16
            fact.initiatorPackets = 2
            fact.responderPackets = 1
        }
    }

    mutating func refuse(_ source: String, _ destination: String, _ port: Int, at milliseconds: Int) {
        packet(6, destination, port, source, 40_000, at: milliseconds) { fact in
            fact.tcpFlags = 20
            fact.isFromInitiator = false
        }
    }

    mutating func datagram(
        _ source: String, _ sourcePort: Int, _ destination: String, _ port: Int, at milliseconds: Int, isAnswer: Bool = false
    ) {
        packet(17, source, sourcePort, destination, port, at: milliseconds) { fact in
            fact.isNewFlow = !isAnswer
            fact.isFromInitiator = !isAnswer
            fact.initiatorPackets = 1
            fact.responderPackets = isAnswer ? 1 : 0
        }
    }

    mutating func echo(_ source: String, _ destination: String, at milliseconds: Int, isReply: Bool = false) {
        packet(1, source, 0, destination, 0, at: milliseconds) { $0.icmpType = isReply ? 0 : 8 }
    }

    mutating func packet(
        _ number: UInt8, _ source: String, _ sourcePort: Int, _ destination: String, _ port: Int, at milliseconds: Int,
        _ change: (inout PacketFact) -> Void
    ) {
        let endpoints = Endpoints(
            protocolNumber: number, source: address(source), sourcePort: UInt16(sourcePort), destination: address(destination),
            destinationPort: UInt16(port))
        var fact = PacketFact(endpoints: endpoints)
        fact.at = Int64(milliseconds) * 1000
        change(&fact)
        watcher.packet(fact)
    }

    mutating func arp(
        _ operation: UInt16, sender: (UInt64, String), target: (UInt64, String), at milliseconds: Int, vlan: UInt16? = nil
    ) {
        watcher.arp(
            ARPFact(
                at: Int64(milliseconds) * 1000, sourceMAC: MACAddress(value: sender.0), vlan: vlan, operation: operation,
                senderMAC: MACAddress(value: sender.0), senderIP: address(sender.1), targetMAC: MACAddress(value: target.0),
                targetIP: address(target.1)))
    }

    /// What has been seen by `milliseconds`.
    mutating func seen(at milliseconds: Int) -> [Observation] {
        watcher.advance(to: Int64(milliseconds) * 1000)
        return watcher.drain()
    }
}

func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

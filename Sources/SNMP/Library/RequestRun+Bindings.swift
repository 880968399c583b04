import CNetSNMP
import Campus

extension RequestRun {
    /// Judges one binding as libsnmp holds it and appends it when it belongs here.
    mutating func take(_ binding: UnsafeMutablePointer<netsnmp_variable_list>) {
        let name = unsafe Span(_unsafeStart: binding.pointee.name, count: binding.pointee.name_length)
        let kind = unsafe CNetSNMPTag(binding.pointee.type)
        guard admits(name, tag: kind?.tag), let kind else { return }
        append { bindings in
            switch kind {
            case .empty(let tag):
                bindings.append(name: name, tag: tag, number: 0)
            case .signed:
                bindings.append(
                    name: name, tag: .integer, number: unsafe UInt64(bitPattern: Int64(binding.pointee.val.integer.pointee)))
            case .unsigned(let tag):
                // RFC 2578 §7.1: these are 32 bits wide; libsnmp keeps them in a long.
                let number = unsafe UInt32(truncatingIfNeeded: binding.pointee.val.integer.pointee)
                bindings.append(name: name, tag: tag, number: UInt64(number))
            case .wide:
                let number = unsafe binding.pointee.val.counter64.pointee
                bindings.append(name: name, tag: .counter64, number: UInt64(number.high) << 32 | UInt64(number.low) & 0xffff_ffff)
            case .bytes(let tag):
                let bytes = unsafe Span(_unsafeStart: binding.pointee.val.string, count: binding.pointee.val_len)
                bindings.append(name: name, tag: tag, bytes: bytes)
            case .address:
                let bytes = unsafe Span(_unsafeStart: binding.pointee.val.string, count: binding.pointee.val_len)
                guard bytes.count == 4 else { return bindings.append(name: name, tag: .octets, bytes: bytes) }
                var number: UInt64 = 0
                for index in 0..<4 { number = number << 8 | UInt64(bytes[index]) }
                bindings.append(name: name, tag: .ipAddress, number: number)
            case .identifier:
                let words = unsafe Span(
                    _unsafeStart: binding.pointee.val.objid, count: binding.pointee.val_len / MemoryLayout<oid>.size)
                bindings.append(name: name, objectIdentifier: words)
            case .float:
                appendOpaque(0x78, unsafe binding.pointee.val.floatVal.pointee.bitPattern, name, &bindings)
            case .double:
                appendOpaque(0x79, unsafe binding.pointee.val.doubleVal.pointee.bitPattern, name, &bindings)
            }
        }
    }
}

/// Net-SNMP's opaque numbers as they went over the wire: 9f 78 04 and a float, 9f 79 08 and a double, big-endian.
private func appendOpaque(
    _ type: UInt8, _ bits: some FixedWidthInteger, _ name: Span<UInt>, _ bindings: inout VariableBindings
) {
    let size = bits.bitWidth / 8
    var bytes: [UInt8] = [0x9f, type, UInt8(size)]
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * (size - 1 - index)))) }
    bindings.append(name: name, tag: .opaque, bytes: bytes.span)
}

/// How libsnmp holds a value of some type.
private enum CNetSNMPTag {
    case empty(VariableBindings.Tag)
    case signed
    case unsigned(VariableBindings.Tag)
    case wide
    case bytes(VariableBindings.Tag)
    case address, identifier, float, double

    init?(_ type: UInt8) {
        switch Int(type) {
        case CNetSNMPInteger: self = .signed
        case CNetSNMPCounter: self = .unsigned(.counter32)
        case CNetSNMPCounter64: self = .wide
        case CNetSNMPGauge, CNetSNMPUnsigned: self = .unsigned(.gauge32)
        case CNetSNMPTimeTicks: self = .unsigned(.timeTicks)
        case CNetSNMPOctets, CNetSNMPBitString: self = .bytes(.octets)
        case CNetSNMPOpaque: self = .bytes(.opaque)
        case CNetSNMPObjectIdentifier: self = .identifier
        case CNetSNMPIPAddress: self = .address
        case CNetSNMPOpaqueFloat: self = .float
        case CNetSNMPOpaqueDouble: self = .double
        case CNetSNMPNull: self = .empty(.null)
        case CNetSNMPNoSuchObject: self = .empty(.noSuchObject)
        case CNetSNMPNoSuchInstance: self = .empty(.noSuchInstance)
        case CNetSNMPEndOfMibView: self = .empty(.endOfMibView)
        default: return nil
        }
    }

    var tag: VariableBindings.Tag {
        switch self {
        case .empty(let tag), .unsigned(let tag), .bytes(let tag): tag
        case .signed: .integer
        case .wide: .counter64
        case .address: .ipAddress
        case .identifier: .objectIdentifier
        case .float, .double: .opaque
        }
    }
}

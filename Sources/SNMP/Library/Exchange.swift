import CNetSNMP
import Campus

/// What became of the open request of an agent.
enum ExchangeEvent {
    case replied(ReplyHead)
    /// A v3 report (RFC 3414 §3.2); nil for one that is not of USM.
    case refused(USMReason?)
    case timedOut
    /// The datagram could not be sent: errno.
    case notSent(Int32)
}

/// Where libsnmp's callback puts what it reads for one session: straight into the run's bindings, without a copy between.
///
/// It outlives the session, which calls it only while `AgentSession.read` or `checkTimeout` runs.
final class Exchange {
    var event: ExchangeEvent?
    var run: RequestRun?
    /// The request that is open; a reply to any other is foreign.
    var openRequest: Int?
    /// Which try of the question is open, 0 for the first.
    var attempt = 0
    /// Whether replies are values for `run`, and not an answer to a question of our own.
    var collects = false
    /// Requests that libsnmp sent again by itself after a notInTimeWindow report.
    var resynchronised = 0
}

/// libsnmp's callback: 1 says that the request is done with.
@c func receiveExchange(
    _ operation: CInt, _ session: UnsafeMutablePointer<netsnmp_session>?, _ request: CInt,
    _ pdu: UnsafeMutablePointer<netsnmp_pdu>?, _ magic: UnsafeMutableRawPointer?
) -> CInt {
    guard let magic = unsafe magic else { return 1 }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(magic).takeUnretainedValue()
    switch operation {
    case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
        if let pdu = unsafe pdu { unsafe receive(pdu, exchange) }
    case NETSNMP_CALLBACK_OP_TIMED_OUT:
        exchange.event = .timedOut
    case NETSNMP_CALLBACK_OP_SEND_FAILED:
        exchange.event = .notSent(unsafe session?.pointee.s_errno ?? 0)
    case NETSNMP_CALLBACK_OP_SEC_ERROR:
        if exchange.event == nil { exchange.event = .refused(unsafe usmReason(session?.pointee.s_snmp_errno ?? 0)) }
    case NETSNMP_CALLBACK_OP_RESEND:
        // The report before it has been dealt with: libsnmp took the agent's time from it.
        exchange.event = nil
        exchange.resynchronised += 1
    default:
        break
    }
    return 1
}

private func receive(_ pdu: UnsafeMutablePointer<netsnmp_pdu>, _ exchange: Exchange) {
    if unsafe pdu.pointee.command == CInt(CNetSNMPReport) {
        exchange.event = .refused(unsafe usmReason(snmpv3_get_report_type(pdu)))
        return
    }
    guard unsafe pdu.pointee.command == CInt(CNetSNMPResponse), let open = exchange.openRequest,
        unsafe pdu.pointee.reqid == open
    else { return }
    let head = unsafe ReplyHead(errorStatus: pdu.pointee.errstat, errorIndex: pdu.pointee.errindex)
    if exchange.collects, exchange.run != nil {
        exchange.run?.beginReply()
        if head.errorStatus == ErrorStatus.noError {
            var next = unsafe pdu.pointee.variables
            while let binding = unsafe next {
                unsafe exchange.run?.take(binding)
                unsafe next = binding.pointee.next_variable
            }
        }
        exchange.run?.endReply(head, attempt: exchange.attempt)
    }
    exchange.event = .replied(head)
}

/// libsnmp's error numbers for the usmStats counters.
private func usmReason(_ error: CInt) -> USMReason? {
    switch error {
    case SNMPERR_UNSUPPORTED_SEC_LEVEL, SNMPERR_USM_UNSUPPORTEDSECURITYLEVEL: .unsupportedSecurityLevel
    case SNMPERR_NOT_IN_TIME_WINDOW, SNMPERR_USM_NOTINTIMEWINDOW: .notInTimeWindow
    case SNMPERR_UNKNOWN_USER_NAME, SNMPERR_USM_UNKNOWNSECURITYNAME: .unknownUserName
    case SNMPERR_UNKNOWN_ENG_ID, SNMPERR_USM_UNKNOWNENGINEID: .unknownEngineID
    case SNMPERR_AUTHENTICATION_FAILURE, SNMPERR_USM_AUTHENTICATIONFAILURE: .wrongDigest
    case SNMPERR_DECRYPTION_ERR, SNMPERR_USM_DECRYPTIONERROR: .decryptionError
    default: nil
    }
}

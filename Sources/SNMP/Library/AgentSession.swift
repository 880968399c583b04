import CNetSNMP
import Campus
import Glibc

/// One single-session handle of libsnmp with its socket; closed once, by its end.
@safe struct AgentSession: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    let descriptor: Int32
    private let user: String
    private let stamp = UserSlot.stamp()
    /// v3 once the engine is known.
    private var slot: UserSlot?

    /// Opens without a packet being sent: v3's blocking engine probe stays off, `sendDiscovery` is its replacement.
    init?(_ target: SNMPTarget, authKey: [UInt8], privKey: [UInt8]) {
        guard LibrarySNMP.isReady else { return nil }
        var template = unsafe netsnmp_session()
        unsafe snmp_sess_init(&template)
        unsafe template.retries = 0
        unsafe template.flags |= UInt(SNMP_FLAGS_DONT_PROBE)
        unsafe copyKeys(authKey, privKey, into: &template)
        let opened = unsafe openHandle(target, &template)
        guard let handle = unsafe opened, let transport = unsafe snmp_sess_transport(handle) else { return nil }
        unsafe self.handle = handle
        descriptor = unsafe transport.pointee.sock
        user = target.credential.user
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Opening clears the flag; without it the first request would probe, and block the whole loop.
        unsafe snmp_sess_session(handle)?.pointee.flags |= UInt(SNMP_FLAGS_DONT_PROBE)
    }

    deinit { unsafe snmp_sess_close(handle) }

    /// snmpEngineID of the agent, once discovered.
    var engineID: [UInt8]? {
        guard let session = unsafe snmp_sess_session(handle), let start = unsafe session.pointee.securityEngineID,
            unsafe session.pointee.securityEngineIDLen > 0
        else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: start, count: session.pointee.securityEngineIDLen))
    }

    /// Gives libsnmp this session's keys for the engine that was discovered; false when it can make none.
    mutating func installUser() -> Bool {
        guard let engineID else { return false }
        slot = UserSlot.slot(engineID: engineID, user: user)
        return putKeysInPlace()
    }

    /// Does nothing while no other session has put its keys there since.
    private func keepKeysInPlace() {
        if let slot, !slot.isHeld(by: stamp) { _ = putKeysInPlace() }
    }

    private func putKeysInPlace() -> Bool {
        guard let session = unsafe snmp_sess_session(handle), let name = unsafe session.pointee.securityName else { return false }
        if let old = unsafe usm_get_user(session.pointee.securityEngineID, session.pointee.securityEngineIDLen, name) {
            unsafe usm_remove_user(old)
            unsafe usm_free_user(old)
        }
        unsafe session.pointee.flags &= ~UInt(SNMP_FLAGS_USER_CREATED)
        slot?.take(stamp)
        return unsafe usm_create_user_from_session(session) == SNMPERR_SUCCESS
    }

    /// Drops the clock that libsnmp keeps for the engine, so that the next discovery sets it afresh.
    func forgetClock() {
        guard let session = unsafe snmp_sess_session(handle), unsafe session.pointee.securityEngineIDLen > 0 else { return }
        unsafe free_enginetime(session.pointee.securityEngineID, session.pointee.securityEngineIDLen)
    }

    /// RFC 3414 §4: an empty request without a user, to which any agent reports its engine id, boots and time.
    func sendDiscovery(timeout: Duration, for exchange: Exchange) -> Int? {
        guard let pdu = unsafe snmp_pdu_create(Int32(CNetSNMPGet)) else { return nil }
        unsafe pdu.pointee.version = CNetSNMPVersion3
        unsafe pdu.pointee.securityName = strdup("")
        unsafe pdu.pointee.securityNameLen = 0
        unsafe pdu.pointee.securityLevel = SNMP_SEC_LEVEL_NOAUTH
        unsafe pdu.pointee.securityModel = SNMP_SEC_MODEL_USM
        return unsafe send(pdu, timeout: timeout, for: exchange)
    }

    /// Sends the question; the request id, or nil with the exchange's `event` set. `repeating` keeps the id of an earlier try, so
    /// that its late answer still counts. `withoutPrivacy` lowers authPriv to authNoPriv.
    func send(
        _ question: borrowing Question, repeating request: Int?, withoutPrivacy: Bool = false, timeout: Duration,
        for exchange: Exchange
    ) -> Int? {
        let command =
            switch question.command {
            case .get: CNetSNMPGet
            case .getNext: CNetSNMPGetNext
            case .getBulk: CNetSNMPGetBulk
            }
        guard let pdu = unsafe snmp_pdu_create(Int32(command)) else { return nil }
        if case .getBulk(let repetitions) = question.command {
            // RFC 3416 §4.2.3: the same two fields that hold error-status and error-index elsewhere.
            unsafe pdu.pointee.errstat = 0
            unsafe pdu.pointee.errindex = repetitions
        }
        if let request { unsafe pdu.pointee.reqid = request }
        if withoutPrivacy { unsafe pdu.pointee.securityLevel = SNMP_SEC_LEVEL_AUTHNOPRIV }
        unsafe addNames(of: question, to: pdu)
        return unsafe send(pdu, timeout: timeout, for: exchange)
    }

    private func addNames(of question: borrowing Question, to pdu: UnsafeMutablePointer<netsnmp_pdu>) {
        var name = [128 of oid](repeating: 0)
        for index in 0..<question.count {
            let range = question.range(index)
            let count = min(range.count, 128)
            for offset in 0..<count { name[offset] = oid(question.arcs[range.lowerBound + offset]) }
            var words = name.mutableSpan
            _ = unsafe words.withUnsafeMutableBufferPointer { unsafe snmp_add_null_var(pdu, $0.baseAddress, count) }
        }
    }

    private func send(
        _ pdu: UnsafeMutablePointer<netsnmp_pdu>, timeout: Duration, for exchange: Exchange
    ) -> Int? {
        keepKeysInPlace()
        unsafe snmp_sess_session(handle)?.pointee.timeout = Int(clamping: timeout.milliseconds) * 1000
        let request = unsafe pdu.pointee.reqid
        let magic = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        guard unsafe snmp_sess_async_send(handle, pdu, receiveExchange, magic) != 0 else {
            unsafe snmp_free_pdu(pdu)
            return nil
        }
        return request
    }

    /// Reads one datagram; the exchange's `event` is set when it was the answer.
    func read(_ ready: inout DescriptorSet) -> ReadResult {
        keepKeysInPlace()
        let result = unsafe ready.withOnly(descriptor) { unsafe snmp_sess_read2(handle, $0) }
        guard result != 0 else { return .parsed }
        let error = unsafe snmp_sess_session(handle)?.pointee.s_snmp_errno ?? 0
        return error == SNMPERR_BAD_RECVFROM ? .nothing : .malformed
    }

    /// Lets libsnmp look at its clock; the exchange's `event` is set when the open request has expired.
    func checkTimeout() { unsafe snmp_sess_timeout(handle) }

    enum ReadResult {
        case parsed, malformed, nothing
    }
}

/// The set of descriptors that libsnmp wants to be shown, of any size; ours always holds one.
@safe struct DescriptorSet: ~Copyable {
    private let set: UnsafeMutablePointer<netsnmp_large_fd_set>

    init() {
        unsafe set = .allocate(capacity: 1)
        unsafe set.initialize(to: netsnmp_large_fd_set())
        unsafe netsnmp_large_fd_set_init(set, FD_SETSIZE)
    }

    deinit {
        unsafe netsnmp_large_fd_set_cleanup(set)
        unsafe set.deallocate()
    }

    mutating func withOnly(_ descriptor: Int32, _ body: (UnsafeMutablePointer<netsnmp_large_fd_set>) -> CInt) -> CInt {
        unsafe netsnmp_large_fd_setfd(descriptor, set)
        defer { unsafe netsnmp_large_fd_clr(descriptor, set) }
        return unsafe body(set)
    }
}

/// Opens a handle for the target: numeric address, so that no name is looked up.
private func openHandle(_ target: SNMPTarget, _ template: inout netsnmp_session) -> UnsafeMutableRawPointer? {
    let credential = target.credential
    var peer = Array((target.address.isIPv4 ? "udp:\(target)" : "udp6:\(target)").utf8CString)
    return unsafe peer.withUnsafeMutableBufferPointer { peer in
        unsafe template.peername = peer.baseAddress
        switch credential.version {
        case .v1, .v2c:
            unsafe template.version = credential.version == .v1 ? CNetSNMPVersion1 : CNetSNMPVersion2c
            var community = Array(credential.community.revealed.utf8)
            return unsafe community.withUnsafeMutableBufferPointer { community in
                unsafe template.community = community.baseAddress
                unsafe template.community_len = community.count
                return unsafe snmp_sess_open(&template)
            }
        case .v3:
            return unsafe openV3(credential, &template)
        }
    }
}

private func openV3(_ credential: SNMPCredential, _ template: inout netsnmp_session) -> UnsafeMutableRawPointer? {
    unsafe template.version = CNetSNMPVersion3
    unsafe template.securityModel = SNMP_SEC_MODEL_USM
    unsafe template.securityLevel =
        credential.auth == nil
        ? SNMP_SEC_LEVEL_NOAUTH : credential.priv == nil ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_AUTHPRIV
    var user = Array(credential.user.utf8CString)
    var context = Array(credential.context.utf8CString)
    return unsafe user.withUnsafeMutableBufferPointer { user in
        unsafe context.withUnsafeMutableBufferPointer { context in
            unsafe template.securityName = user.baseAddress
            unsafe template.securityNameLen = user.count - 1
            unsafe template.contextName = context.baseAddress
            unsafe template.contextNameLen = context.count - 1
            return unsafe LibrarySNMP.withProtocol(credential.auth ?? .sha1) { auth, authCount in
                unsafe LibrarySNMP.withProtocol(credential.priv ?? .aes128) { priv, privCount in
                    if credential.auth != nil {
                        unsafe template.securityAuthProto = auth
                        unsafe template.securityAuthProtoLen = authCount
                    }
                    if credential.priv != nil {
                        unsafe template.securityPrivProto = priv
                        unsafe template.securityPrivProtoLen = privCount
                    }
                    return unsafe snmp_sess_open(&template)
                }
            }
        }
    }
}

/// Puts master keys (RFC 3414 §A.2) where libsnmp localises them from.
private func copyKeys(_ auth: [UInt8], _ priv: [UInt8], into template: inout netsnmp_session) {
    unsafe withUnsafeMutableBytes(of: &template.securityAuthKey) { buffer in
        let count = min(buffer.count, auth.count)
        for index in 0..<count { unsafe buffer[index] = auth[index] }
    }
    unsafe template.securityAuthKeyLen = min(auth.count, Int(USM_AUTH_KU_LEN))
    unsafe withUnsafeMutableBytes(of: &template.securityPrivKey) { buffer in
        let count = min(buffer.count, priv.count)
        for index in 0..<count { unsafe buffer[index] = priv[index] }
    }
    unsafe template.securityPrivKeyLen = min(priv.count, Int(USM_PRIV_KU_LEN))
}

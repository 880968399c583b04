package import Campus

/// How a device lets itself be asked: a community (RFC 1157, RFC 3584) or a USM user (RFC 3414).
package struct SNMPCredential: Hashable, Sendable {
    package enum Version: String, CaseIterable, Sendable {
        case v1 = "1"
        case v2c = "2c"
        case v3 = "3"
    }

    /// Authentication protocols of RFC 3414 (MD5, SHA-1) and RFC 7860 (SHA-2).
    package enum AuthProtocol: String, CaseIterable, Sendable {
        case md5 = "MD5"
        case sha1 = "SHA"
        case sha224 = "SHA-224"
        case sha256 = "SHA-256"
        case sha384 = "SHA-384"
        case sha512 = "SHA-512"
    }

    /// Privacy protocols of RFC 3414 (DES), RFC 3826 (AES-128) and draft-blumenthal-aes-usm-04 (AES-192, AES-256).
    package enum PrivProtocol: String, CaseIterable, Sendable {
        case des = "DES"
        case aes128 = "AES"
        case aes192 = "AES-192"
        case aes256 = "AES-256"
    }

    package var version: Version
    /// v1 and v2c only.
    package var community: Secret
    /// v3 only, as the four fields after it; no `auth` means noAuthNoPriv, no `priv` means authNoPriv.
    package var user: String
    package var auth: AuthProtocol?
    package var authSecret: Secret?
    package var priv: PrivProtocol?
    package var privSecret: Secret?
    /// contextName of RFC 3411; empty is the default context.
    package var context: String

    package init(version: Version, community: Secret) {
        self.version = version
        self.community = community
        user = ""
        context = ""
    }

    package init(
        user: String, auth: AuthProtocol? = nil, authSecret: Secret? = nil, priv: PrivProtocol? = nil,
        privSecret: Secret? = nil, context: String = ""
    ) {
        version = .v3
        community = Secret("")
        self.user = user
        self.auth = auth
        self.authSecret = authSecret
        self.priv = priv
        self.privSecret = privSecret
        self.context = context
    }

    /// `noAuthNoPriv`, `authNoPriv` or `authPriv`; empty below v3.
    package var securityLevel: String {
        guard version == .v3 else { return "" }
        return auth == nil ? "noAuthNoPriv" : priv == nil ? "authNoPriv" : "authPriv"
    }

    /// The same credential in another context of the device: contextName in v3 (RFC 3411), `community@suffix` below, as
    /// Cisco's switches have it for the bridge of each VLAN.
    package func inContext(communitySuffix: String, name: String) -> SNMPCredential {
        var copy = self
        if version == .v3 {
            copy.context = name
        } else {
            copy.community = Secret("\(community.revealed)@\(communitySuffix)")
        }
        return copy
    }

    /// What makes this credential unusable before any packet is sent, in words with a remedy; nil when it can be used.
    package var problem: String? {
        switch version {
        case .v1, .v2c:
            return community.revealed.isEmpty ? "the community is empty: set `community`" : nil
        case .v3:
            if user.isEmpty || user.utf8.count > 32 { return "a v3 user needs 1 to 32 bytes (RFC 3414 §5): set `user`" }
            if auth == nil, priv != nil { return "privacy needs authentication (RFC 3414 §1.4.2): set `auth` and `auth_secret`" }
            // RFC 3414 §11.2: passwords of fewer than 8 bytes are refused by the standard's key derivation.
            if auth != nil, (authSecret?.revealed.utf8.count ?? 0) < 8 {
                return "the authentication password has fewer than 8 bytes (RFC 3414 §11.2): set a longer `auth_secret`"
            }
            if priv != nil, (privSecret?.revealed.utf8.count ?? 0) < 8 {
                return "the privacy password has fewer than 8 bytes (RFC 3414 §11.2): set a longer `priv_secret`"
            }
            return nil
        }
    }
}

/// One SNMP agent: where it listens and how it lets itself be asked.
package struct SNMPTarget: Hashable, Sendable {
    package var address: IPAddress
    package var port: UInt16
    package var credential: SNMPCredential

    package init(address: IPAddress, port: UInt16 = 161, credential: SNMPCredential) {
        self.address = address
        self.port = port
        self.credential = credential
    }
}

extension SNMPTarget: CustomStringConvertible {
    /// `10.1.1.2:161`, `[2001:db8::1]:161`; never the credential.
    package var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

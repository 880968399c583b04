import Agent
import ArgumentParser
import Campus
import Foundation
import SNMP

/// The credential of one device, as options, files, environment or a name in the configuration.
struct CredentialOptions: ParsableArguments {
    enum Level: String, CaseIterable, ExpressibleByArgument { case noAuthNoPriv, authNoPriv, authPriv }

    @Option(name: .shortAndLong, help: "Community; asks by SNMP 2c unless --snmp 1.") var community: String?
    @Option(name: .customLong("snmp"), help: "1, 2c or 3; else 3 with --user, 2c without.") var version: String?
    @Option(name: .shortAndLong, help: "User of SNMPv3.") var user: String?
    @Option(name: .shortAndLong, help: "noAuthNoPriv, authNoPriv or authPriv; else what the protocols say.") var level: Level?
    @Option(name: [.customShort("a"), .long], help: "MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512.") var auth: String?
    @Option(name: [.customShort("A"), .long], help: "Authentication password.") var authSecret: String?
    @Option(name: [.customShort("x"), .long], help: "DES, AES, AES-192, AES-256.") var priv: String?
    @Option(name: [.customShort("X"), .long], help: "Privacy password.") var privSecret: String?
    @Option(help: "Context name of SNMPv3.") var context = ""
    @Option(help: "File that holds the community.") var communityFile: String?
    @Option(help: "File that holds the authentication password.") var authSecretFile: String?
    @Option(help: "File that holds the privacy password.") var privSecretFile: String?
    @Option(help: "Name of a credential of the configuration.") var credential: String?
    @OptionGroup var options: ConfigurationOptions

    func read() throws -> SNMPCredential {
        let credential = try named() ?? written()
        if let problem = credential.problem { throw CommandFailure.usage("credential: \(problem)") }
        return credential
    }

    private func named() throws -> SNMPCredential? {
        guard let credential else { return nil }
        let settings = try options.settings(.required)
        guard let found = settings.credentials[credential] else {
            throw CommandFailure.usage(
                "\(credential): no such credential in \(options.path): use one of \(settings.credentials.keys.sorted().joined(separator: ", "))"
            )
        }
        return found
    }

    private func written() throws -> SNMPCredential {
        let version = version ?? (user == nil ? "2c" : "3")
        switch SNMPCredential.Version(rawValue: version) {
        case .v3: return try user3()
        case .some(let version):
            guard let community = try secret(community, communityFile, "CAMPANILE_COMMUNITY") else {
                throw CommandFailure.usage(
                    "community: none was given: use -c, --community-file or $CAMPANILE_COMMUNITY, or -u for SNMPv3")
            }
            return SNMPCredential(version: version, community: community)
        case nil: throw CommandFailure.usage("--snmp \(version): no such version: use 1, 2c or 3")
        }
    }

    private func user3() throws -> SNMPCredential {
        var credential = SNMPCredential(user: user ?? "", context: context)
        let authSecret = try secret(authSecret, authSecretFile, "CAMPANILE_AUTH_SECRET")
        let privSecret = try secret(privSecret, privSecretFile, "CAMPANILE_PRIV_SECRET")
        if level != .noAuthNoPriv, auth != nil || level != nil {
            credential.auth = try SNMPCredential.AuthProtocol.named(auth ?? "SHA-256")
            credential.authSecret = try given(authSecret, "authentication password", "A", "auth-secret", "CAMPANILE_AUTH_SECRET")
        }
        if level == .authPriv || (level == nil && priv != nil) {
            credential.priv = try SNMPCredential.PrivProtocol.named(priv ?? "AES")
            credential.privSecret = try given(privSecret, "privacy password", "X", "priv-secret", "CAMPANILE_PRIV_SECRET")
        }
        return credential
    }

    private func given(_ secret: Secret?, _ what: String, _ short: String, _ long: String, _ variable: String) throws -> Secret {
        guard let secret else {
            throw CommandFailure.usage("\(what): none was given: use -\(short), --\(long)-file or $\(variable)")
        }
        return secret
    }

    private func secret(_ written: String?, _ file: String?, _ variable: String) throws -> Secret? {
        if let file {
            do {
                return try SecretReference.file(file).resolve(credentialsDirectory: nil)
            } catch {
                throw CommandFailure.usage("\(error.what): \(error.remedy)")
            }
        }
        return (written ?? ProcessInfo.processInfo.environment[variable]).map { Secret($0) }
    }
}

extension SNMPCredential.AuthProtocol {
    fileprivate static func named(_ text: String) throws -> Self {
        let name = text.uppercased()
        guard
            let found = name == "SHA-1" || name == "SHA1"
                ? .sha1 : Self(rawValue: name) ?? Self(rawValue: name.replacing("SHA", with: "SHA-"))
        else {
            throw CommandFailure.usage(
                "-a \(text): no such protocol: use one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return found
    }
}

extension SNMPCredential.PrivProtocol {
    fileprivate static func named(_ text: String) throws -> Self {
        let name = text.uppercased()
        guard
            let found = ["AES-128", "AES128"].contains(name)
                ? .aes128 : Self(rawValue: name) ?? Self(rawValue: name.replacing("AES", with: "AES-"))
        else {
            throw CommandFailure.usage(
                "-x \(text): no such protocol: use one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return found
    }
}

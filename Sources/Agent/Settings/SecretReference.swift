package import Campus
import Foundation

/// Where a secret is kept: configuration files name it and never hold it.
package enum SecretReference: Hashable, Sendable {
    /// A file of mode 0600 or less that belongs to root or to us.
    case file(String)
    /// A systemd credential (LoadCredential=), found in `$CREDENTIALS_DIRECTORY`.
    case systemd(String)

    /// `file:PATH` or `systemd:NAME`; a relative path starts at `directory`.
    package init?(_ text: String, relativeTo directory: String) {
        if text.hasPrefix("file:"), text.count > 5 {
            let path = String(text.dropFirst(5))
            self = .file(path.hasPrefix("/") ? path : directory + "/" + path)
        } else if text.hasPrefix("systemd:"), text.count > 8, !text.contains("/") {
            self = .systemd(String(text.dropFirst(8)))
        } else {
            return nil
        }
    }

    /// Why a secret could not be had, with what to do about it; never any part of the secret.
    package struct Failure: Error, Hashable, Sendable {
        package let what: String
        package let remedy: String
        /// Whether it says nothing of the configuration: credentials exist only where systemd started us.
        package var isOnlyHere = false
    }

    /// The secret without its last line end.
    package func resolve(credentialsDirectory: String?) throws(Failure) -> Secret {
        switch self {
        case .file(let path):
            try SecretReference.checkRights(of: path)
            return try SecretReference.read(path)
        case .systemd(let name):
            guard let directory = credentialsDirectory else {
                throw Failure(
                    what: "the credential `\(name)` is only there when systemd starts the daemon",
                    remedy: "add LoadCredential=\(name):PATH to the unit, or use file:PATH", isOnlyHere: true)
            }
            return try SecretReference.read(directory + "/" + name)
        }
    }

    private static func checkRights(of path: String) throws(Failure) {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
            throw Failure(
                what: "the secret's file \(path) does not exist or cannot be reached", remedy: "write the secret there, mode 0600"
            )
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw Failure(what: "\(path) is no plain file", remedy: "write the secret into a file of its own, mode 0600")
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.uint16Value ?? 0o777
        guard mode & 0o077 == 0 else {
            throw Failure(what: "others can read \(path) (mode 0\(String(mode, radix: 8)))", remedy: "chmod 600 \(path)")
        }
        let owner = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value ?? .max
        guard owner == 0 || owner == geteuid() else {
            throw Failure(what: "\(path) belongs to user \(owner)", remedy: "chown it to root or to the daemon's user")
        }
    }

    private static func read(_ path: String) throws(Failure) -> Secret {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(what: "the secret's file \(path) cannot be read", remedy: "check its owner and mode")
        }
        guard data.count <= 4096, let text = String(validating: data, as: UTF8.self) else {
            throw Failure(what: "\(path) holds no secret: more than 4096 bytes, or not UTF-8", remedy: "write one line into it")
        }
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !line.isEmpty, !line.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw Failure(what: "\(path) must hold one line that is not empty", remedy: "write the secret into it, nothing else")
        }
        return Secret(line)
    }
}

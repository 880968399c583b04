import Foundation

/// Where probes and rules are shipped.
package enum DefinitionPaths {
    /// The folder that holds `Probes` and `Rules`: what the configuration or `$CAMPANILE_SHARE` says, else a checkout around the
    /// executable, else where a package installs them, else the current folder.
    package static func share(configured: String?, environment: [String: String], executable: String) -> String {
        if let configured { return configured }
        if let named = environment["CAMPANILE_SHARE"], !named.isEmpty { return named }
        let candidates =
            parents(of: executable) + [
                "/usr/share/campanile", "/usr/local/share/campanile", FileManager.default.currentDirectoryPath,
            ]
        return candidates.first(where: holdsDefinitions) ?? "/usr/share/campanile"
    }

    /// The running program's file, symbolic links resolved.
    package static var executable: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    /// The folder as a list of one when it exists.
    package static func existing(_ directory: String) -> [String] {
        isDirectory(directory) ? [directory] : []
    }

    private static func parents(of path: String) -> [String] {
        var folders: [String] = []
        var url = URL(fileURLWithPath: path).deletingLastPathComponent()
        while url.path != "/", folders.count < 8 {
            folders.append(url.path)
            url.deleteLastPathComponent()
        }
        return folders
    }

    private static func holdsDefinitions(_ directory: String) -> Bool {
        isDirectory(directory + "/Probes") && isDirectory(directory + "/Rules")
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

import ControlServer
import Glibc

// Users and groups are named in the configuration and looked up in the system's lists when the daemon starts and when the
// configuration is read again.
extension DaemonSettings {
    /// Who may ask over which socket.
    func accessRules() throws(StartFailure) -> AccessRules {
        var rules = AccessRules()
        for (role, names) in users where !names.isEmpty {
            var numbers: Set<UInt32> = []
            for name in names { numbers.insert(try Self.userNumber(name, Self.usersKey(role))) }
            rules.users[role] = numbers
        }
        return rules
    }

    /// Whose members may connect to the sockets that are configured.
    func groupNumbers() throws(StartFailure) -> [SocketRole: UInt32] {
        var numbers: [SocketRole: UInt32] = [:]
        for (role, name) in groups { numbers[role] = try Self.groupNumber(name, role) }
        return numbers
    }

    /// Binds the sockets that are configured, for a daemon that is handed none.
    func bindSockets() throws -> [ListeningSocket] {
        let groups = try groupNumbers()
        var bound: [ListeningSocket] = []
        do {
            for (role, path) in socketPaths {
                bound.append(
                    try .bind(
                        path: path, role: role, group: groups[role], directoryMode: groups.isEmpty ? 0o700 : 0o755))
            }
        } catch {
            for socket in bound { socket.removeFile() }
            throw error
        }
        return bound
    }

    /// The configured sockets, the operator's first.
    var socketPaths: [(SocketRole, String)] {
        [(.operator, socketPath)]
            + [(SocketRole.query, querySocketPath), (.ingest, ingestSocketPath)]
            .compactMap { role, path in path.map { (role, $0) } }
    }

    static func usersKey(_ role: SocketRole) -> Key {
        switch role {
        case .ingest: .ingestUsers
        case .query: .queryUsers
        case .operator: .operatorUsers
        }
    }

    static func groupKey(_ role: SocketRole) -> Key {
        switch role {
        case .ingest: .ingestGroup
        case .query: .queryGroup
        case .operator: .operatorGroup
        }
    }

    private static func userNumber(_ name: String, _ key: Key) throws(StartFailure) -> UInt32 {
        if let number = UInt32(name) { return number }
        var found = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: entryBytesMax)
        guard getpwnam_r(name, &found, &buffer, buffer.count, &result) == 0, result != nil else {
            throw .configuration("\(key.rawValue) names the user “\(name)”, whom this system does not know.")
        }
        return found.pw_uid
    }

    private static func groupNumber(_ name: String, _ role: SocketRole) throws(StartFailure) -> UInt32 {
        if let number = UInt32(name) { return number }
        var found = group()
        var result: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: entryBytesMax)
        guard getgrnam_r(name, &found, &buffer, buffer.count, &result) == 0, result != nil else {
            throw .configuration("\(groupKey(role).rawValue) is “\(name)”, a group that this system does not know.")
        }
        return found.gr_gid
    }

    /// Room for one entry of the system's lists: a group may have many members.
    private static let entryBytesMax = 65_536
}

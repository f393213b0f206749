internal import Glibc

/// Where a backup goes: a new directory in one that is there.
struct BackupPlace: Equatable {
    /// The directory that it is made in, and its name there.
    let parent: String
    let name: String

    var path: String { parent + "/" + name }
    /// Where it is written before it is whole.
    var unfinished: String { parent + "/" + Self.unfinishedPrefix + name }

    static let unfinishedPrefix = ".unfinished-"
    private static let nameBytesMax = 100

    /// - Parameters:
    ///   - text: a name below `home`, or an absolute path.
    ///   - home: the configured directory of backups; nil: there is none.
    ///   - data: the data directory, in which no backup can be.
    init(_ text: String, home: String?, data: String) throws(AudienceError) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isAbsolute = parts.first == "" && parts.count > 2
        guard let name = parts.popLast(), Self.isName(name), isAbsolute || parts.isEmpty,
            !parts.dropFirst().contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
        else {
            throw Self.refusal(
                "“\(text)” cannot name a backup: give an absolute path without . and .., or a name of 1 to "
                    + "\(Self.nameBytesMax) letters, digits, -, _ and . that does not begin with a dot.")
        }
        self.name = name
        if isAbsolute {
            parent = parts.joined(separator: "/")
        } else if let home {
            parent = home
        } else {
            throw Self.refusal("No backupDirectory is configured for names; give an absolute path.")
        }
        try checkParent(besides: data)
    }

    private static func isName(_ name: String) -> Bool {
        (1...nameBytesMax).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// No part of the way may be a link: it could lead anywhere, and somewhere else the next moment.
    private func checkParent(besides data: String) throws(AudienceError) {
        var place = ""
        for part in parent.split(separator: "/") {
            place += "/" + part
            var status = stat()
            guard lstat(place, &status) == 0 else {
                throw Self.refusal("\(place) cannot be looked at: \(String(cString: strerror(errno))).")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw Self.refusal("\(place) is not a directory; links are not followed.")
            }
        }
        var (own, other) = (stat(), stat())
        var inside = parent
        // The data directory itself, by whatever path.
        while !inside.isEmpty {
            if stat(inside, &own) == 0, stat(data, &other) == 0, own.st_dev == other.st_dev, own.st_ino == other.st_ino
            {
                throw Self.refusal("\(path) lies in the data directory; a backup belongs somewhere else.")
            }
            inside = String(inside[..<(inside.lastIndex(of: "/") ?? inside.startIndex)])
        }
        guard lstat(path, &own) != 0 else {
            throw AudienceError(.backupExists, "\(path) is there already.", pointer: "/to")
        }
        guard access(parent, W_OK) == 0 else {
            throw Self.refusal(
                "\(parent) cannot be written to by the daemon: \(String(cString: strerror(errno))). Under systemd name it in "
                    + "ReadWritePaths.")
        }
    }

    private static func refusal(_ message: String) -> AudienceError {
        AudienceError(.invalidBackupPlace, message, pointer: "/to")
    }
}

extension AudienceError.Code {
    /// The directory named for a backup cannot be one.
    public static let invalidBackupPlace = AudienceError.Code(rawValue: "invalid_backup_place")
    /// There is something at the place named for a backup.
    public static let backupExists = AudienceError.Code(rawValue: "backup_exists")
    /// One backup is written at a time.
    public static let backupUnderWay = AudienceError.Code(rawValue: "backup_under_way")
}

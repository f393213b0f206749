public import ControlAPI

extension ControlCall where Answer == BackupAnswer {
    /// Writes a backup; answers when it is whole, which takes as long as the disk does.
    public static func backUp(to place: String) throws(ControlClientError) -> Self {
        try Self(.post, Routes.backups, json: BackupRequest(to: place))
    }
}

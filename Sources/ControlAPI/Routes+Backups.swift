extension Routes {
    /// `POST` here writes a backup.
    public static let backups = "/v1/backups"
}

extension Routes.Template {
    public static let backups = Routes.backups
}

extension Routes {
    /// `POST` here erases a contact.
    public static func erasure(of contact: String, in audience: String) -> String {
        self.contact(contact, of: audience) + "/erasure"
    }

    /// How an audience's erasures stand.
    public static func erasures(of audience: String) -> String {
        self.audience(audience) + "/erasures"
    }

    /// `POST` here works off every erasure that is visible, at once.
    public static func erasurePass(of audience: String) -> String {
        erasures(of: audience) + "/pass"
    }
}

extension Routes.Template {
    public static let erasure = contact + "/erasure"
    public static let erasures = audience + "/erasures"
    public static let erasurePass = erasures + "/pass"
}

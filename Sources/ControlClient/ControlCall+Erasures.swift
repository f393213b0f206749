public import ControlAPI

extension ControlCall where Answer == ErasureAnswer {
    /// Erases a contact; one that is erased already is answered with that erasure.
    public static func eraseContact(_ id: String, in audience: String) -> Self {
        Self(.post, Routes.erasure(of: id, in: audience))
    }
}

extension ControlCall where Answer == ErasureStatusAnswer {
    /// How an audience's erasures stand.
    public static func erasures(of audience: String) -> Self {
        Self(.get, Routes.erasures(of: audience))
    }
}

extension ControlCall where Answer == ErasurePassAnswer {
    /// Works off every erasure that is visible; takes as long as a copy of the log and a start without a view.
    public static func erasurePass(in audience: String) -> Self {
        Self(.post, Routes.erasurePass(of: audience))
    }
}

public import ControlAPI

extension ControlCall where Answer == ClockAnswer {
    /// How the daemon's time and the system's clock stand to each other.
    public static var clock: Self { Self(.get, Routes.clock) }

    /// Believes a clock that jumped ahead.
    public static var acceptClock: Self { Self(.post, Routes.clockAcceptance) }
}

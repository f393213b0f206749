/// How long the body took.
func timed(_ body: () throws -> Void) rethrows -> Duration {
    try ContinuousClock().measure(body)
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
    var inMilliseconds: Double { self / .milliseconds(1) }
}

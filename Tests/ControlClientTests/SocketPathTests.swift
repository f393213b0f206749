import ControlClient
import Testing

@Suite("Which socket a client takes")
struct SocketPathTests {
    private func choose(
        _ explicit: String? = nil, environment: [String: String] = [:], existing: Set<String> = []
    ) -> String {
        SocketPath.choose(explicit: explicit, environment: { environment[$0] }, exists: { existing.contains($0) })
    }

    @Test("The option wins over everything")
    func option() {
        let environment = ["SEGMENTD_SOCKET": "/b", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(choose("/a", environment: environment, existing: [SocketPath.ofTheSystem]) == "/a")
    }

    @Test("The environment wins over what exists")
    func environment() {
        #expect(choose(environment: ["SEGMENTD_SOCKET": "/b"], existing: [SocketPath.ofTheSystem]) == "/b")
    }

    @Test("The system's socket is taken if it exists, the user's own otherwise")
    func defaults() {
        let environment = ["SEGMENTD_SOCKET": "", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(choose(environment: environment, existing: [SocketPath.ofTheSystem]) == "/run/segmentd/operator.sock")
        #expect(choose(environment: environment) == "/run/user/7/segmentd/segmentd.sock")
    }

    @Test("Without any hint the system's socket is named")
    func nothing() {
        #expect(choose() == "/run/segmentd/operator.sock")
    }
}

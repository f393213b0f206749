// swift-tools-version: 6.3
import PackageDescription

/// Settings of every Swift target: strict concurrency, explicit imports, no warnings.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// `LMDB` alone returns spans that are bound to a transaction.
let borrowing: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

// Targets stand in the order of the architecture: each may import only what stands below it.
let package = Package(
    name: "segmentd",
    products: [
        .executable(name: "segmentd", targets: ["segmentd"]),
        .executable(name: "segmentctl", targets: ["segmentctl"]),
        .executable(name: "segment-replay", targets: ["segment-replay"]),
        // Measures; not installed.
        .executable(name: "segment-bench", targets: ["segment-bench"]),
        // Takes power, processes and system calls away from the daemon; not installed. The library is preloaded.
        .executable(name: "segment-crash", targets: ["segment-crash"]),
        .library(name: "FaultShim", type: .dynamic, targets: ["FaultShim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "segmentd",
            dependencies: [
                "Audiences", "ControlServer", "ControlAPI", "SegmentModel", "CPlatform", argumentParser, logging,
                serviceLifecycle, unixSignals,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "segmentctl",
            dependencies: ["ControlClient", "ControlAPI", "Imports", "SegmentModel", argumentParser, nioPosix],
            swiftSettings: strict),
        .executableTarget(
            name: "segment-replay",
            dependencies: [
                "Simulation", "Audiences", "SegmentEngine", "EventLog", "Admission", "SegmentModel", argumentParser,
                heap,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "segment-bench",
            dependencies: ["Audiences", "SegmentEngine", "EventLog", "Admission", "SegmentModel", argumentParser],
            swiftSettings: strict),
        .target(
            name: "ControlServer",
            dependencies: [
                "Audiences", "Admission", "ControlAPI", "SegmentModel", "Meters", "CPlatform", logging, nioCore,
                nioExtras,
                nioHTTP1, nioPosix, serviceLifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            swiftSettings: strict),
        .target(
            name: "ControlClient",
            dependencies: ["ControlAPI", nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict),
        .target(name: "ControlAPI", dependencies: ["SegmentModel"], swiftSettings: strict),
        .target(name: "Imports", dependencies: ["SegmentModel"], swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: [
                "Audiences", "SegmentEngine", "EventLog", "Admission", "RandomWorlds", "SegmentModel", "LMDB",
            ],
            swiftSettings: strict),
        .target(
            name: "Audiences",
            dependencies: ["SegmentEngine", "EventLog", "Admission", "SegmentModel", "LMDB", "Meters", "CPlatform"],
            swiftSettings: strict),
        .target(
            name: "SegmentEngine",
            dependencies: ["EventLog", "SegmentModel", "LMDB", "CPlatform", heap],
            swiftSettings: strict),
        .target(
            name: "EventLog",
            dependencies: ["Admission", "SegmentModel", "LMDB", "Meters", "CPlatform", "CZstd"],
            swiftSettings: strict),
        .target(name: "Admission", dependencies: ["SegmentModel", "CSimdJSON"], swiftSettings: strict),
        .target(name: "RandomWorlds", dependencies: ["SegmentModel"], swiftSettings: strict),
        .target(name: "SegmentModel", swiftSettings: strict),
        .target(name: "LMDB", dependencies: ["Meters", "CLMDB", "CPlatform"], swiftSettings: borrowing),
        .target(name: "Meters", swiftSettings: strict),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "CSimdJSON",
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CPlatform", cSettings: [.define("_GNU_SOURCE")]),

        .target(
            name: "TestSupport", dependencies: ["RandomWorlds", "SegmentModel", "LMDB"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(name: "FaultShim", path: "Tests/FaultShim"),
        .executableTarget(
            name: "segment-crash",
            dependencies: [
                "Audiences", "EventLog", "Admission", "LMDB", "ControlAPI", "SegmentModel", "TestSupport",
                argumentParser,
            ],
            path: "Tests/segment-crash", swiftSettings: strict),
        .testTarget(name: "MetersTests", dependencies: ["Meters"], swiftSettings: strict),
        .testTarget(
            name: "LMDBTests", dependencies: ["LMDB", "CLMDB", "CPlatform", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "SegmentModelTests", dependencies: ["SegmentModel", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "AdmissionTests", dependencies: ["Admission", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EventLogTests", dependencies: ["EventLog", "Admission", "LMDB", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "SegmentEngineTests",
            dependencies: ["SegmentEngine", "EventLog", "Admission", "LMDB", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ImportsTests", dependencies: ["Imports", "Admission", "SegmentModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AudiencesTests",
            dependencies: ["Audiences", "Admission", "EventLog", "LMDB", "SegmentEngine", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulation", "RandomWorlds", "LMDB", "TestSupport"],
            path: "Tests/Simulation",
            exclude: ["Broken"], swiftSettings: strict),
        .testTarget(
            name: "ControlClientTests",
            dependencies: ["ControlClient", "ControlAPI", "TestSupport", nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "ControlServerTests",
            dependencies: [
                "ControlServer", "segmentd", "Audiences", "SegmentEngine", "Admission", "EventLog", "ControlAPI",
                "SegmentModel", "Meters", "TestSupport", logging, nioCore, nioEmbedded,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SegmentctlTests",
            dependencies: [
                "segmentctl", "ControlClient", "ControlAPI", "Imports", "SegmentModel", "TestSupport", argumentParser,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SegmentReplayTests", dependencies: ["segment-replay", "SegmentModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "segmentd", "segmentctl", "segment-replay", "segment-crash", "Audiences", "Admission", "LMDB",
                "ControlAPI", "SegmentModel", "TestSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

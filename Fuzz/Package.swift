// swift-tools-version: 6.3
import PackageDescription

// The modules that read what strangers and disks say, compiled for libFuzzer and the address sanitizer; `scripts/fuzz` builds and
// runs them. A package of its own, because these flags forbid a package to be anybody's dependency. The sources are links.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]
let native = ["-fsanitize=fuzzer-no-link,address"]

let package = Package(
    name: "fuzz",
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: ["Admission", "EventLog", "SegmentModel", "QueryParameters", "ControlAPI"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
        .target(name: "QueryParameters", dependencies: ["ControlAPI"], swiftSettings: strict),
        .target(name: "ControlAPI", dependencies: ["SegmentModel"], swiftSettings: strict),
        .target(
            name: "EventLog", dependencies: ["Admission", "SegmentModel", "LMDB", "Meters", "CPlatform", "CZstd"],
            swiftSettings: strict),
        .target(name: "Admission", dependencies: ["SegmentModel", "CSimdJSON"], swiftSettings: strict),
        .target(name: "SegmentModel", swiftSettings: strict),
        .target(name: "LMDB", dependencies: ["CLMDB", "CPlatform", "Meters"], swiftSettings: strict),
        .target(name: "Meters", swiftSettings: strict),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "CSimdJSON", cxxSettings: [.unsafeFlags(native)], linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CPlatform", cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(native)]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

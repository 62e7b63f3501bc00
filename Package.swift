// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// What works on many numbers or rows: optimised in debug builds, too, as the tests train models and read
/// whole files (docs/decisions/0018-optimised-debug-builds.md).
let optimised: Set = [
    "FettleCore", "FettleEngine", "FettleModelFiles", "FettleTokenizers", "FettleTransformer",
    "FettleData", "FettleEvaluation", "FettleLanguage", "FettleNotebook",
]

/// A library or executable target with the project's settings.
func fettleTarget(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        resources: resources,
        swiftSettings: optimised.contains(name)
            ? strict + [.unsafeFlags(["-O"], .when(configuration: .debug))] : strict
    )
}

/// The tests of one target; `extra` names what they use beside it.
func fettleTests(
    _ name: String,
    _ extra: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "FettleTestSupport"] + extra,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "fettle",
    products: [
        .executable(name: "fettle", targets: ["fettle"]),
        .executable(name: "fettle-worker", targets: ["fettle-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // HTTP; the parts of SwiftNIO that it is built on are named where they are used directly.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    ],
    targets: [
        // Row 0: C libraries behind typed wrappers, and the vocabulary.
        .systemLibrary(name: "CXXHash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CMappedFile"),
        // Optimised in debug builds too: the tests train small networks.
        .target(
            name: "CTransformerKernels",
            cSettings: [.unsafeFlags(["-O3"])],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(name: "CDNNL"),
        .target(name: "CEditLine", linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "CTerminal"),
        .target(name: "CDisplayWidth"),
        fettleTarget("FettleCore"),
        // Row 1: the models that run in this process.
        fettleTarget("FettleEngine", ["FettleCore"]),
        fettleTarget("FettleModelFiles", ["FettleCore", "CMappedFile", "CZlib"]),
        fettleTarget("FettleTokenizers", ["FettleCore"]),
        fettleTarget(
            "FettleTransformer",
            ["FettleCore", "FettleModelFiles", "CDNNL", "CTransformerKernels", "CXXHash"]
        ),
        // Models from elsewhere.
        .target(name: "CTransfer"),
        fettleTarget("FettleHub", ["FettleCore", "CTransfer"]),
        // What OpenAI's API looks like on the wire, for both directions.
        fettleTarget("OpenAIWire", ["FettleCore"]),
        // Row 2: data, judging, records; the language and what it prints; servers elsewhere.
        fettleTarget("FettleData", ["FettleCore", "CMappedFile", "CXXHash", "CPCRE2"]),
        fettleTarget("FettleEvaluation", ["FettleCore"]),
        fettleTarget("FettleStore", ["FettleCore", .product(name: "GRDB", package: "GRDB.swift")]),
        fettleTarget(
            "FettleProviders",
            ["FettleCore", "OpenAIWire", "CTransfer", "CXXHash", "CZlib"],
            // What a cluster's machine fetches large files with is sent from within this one.
            resources: [.embedInCode("Ray/fettle_fetch.py")]
        ),
        fettleTarget("FettleLanguage", ["FettleCore"]),
        fettleTarget("FettleNotebook", ["FettleCore", "CDisplayWidth"]),
        // What a cluster's node runs, and what it tells: few libraries, as it is sent there.
        fettleTarget("FettleWorker", ["FettleCore", "FettleEngine"]),
        .executableTarget(
            name: "fettle-worker",
            dependencies: ["FettleCore", "FettleWorker"],
            swiftSettings: strict
        ),
        // Row 3: use cases.
        fettleTarget(
            "FettleWorkbench",
            [
                "FettleCore", "FettleEngine", "FettleModelFiles", "FettleTokenizers",
                "FettleTransformer", "FettleHub", "FettleData", "FettleEvaluation", "FettleStore",
                "FettleProviders", "FettleWorker", "OpenAIWire",
            ],
            // The program that clusters run with PyTorch is sent from within this one.
            resources: [.embedInCode("Clusters/Torch/fettle_torch.py")]
        ),
        // Row 4: text commands.
        fettleTarget(
            "FettleShell",
            [
                "FettleCore", "FettleData", "FettleEvaluation", "FettleStore", "FettleLanguage",
                "FettleNotebook", "FettleWorkbench", "OpenAIWire",
            ]
        ),
        // Row 4: HTTP routes.
        fettleTarget(
            "FettleServer",
            [
                "FettleCore", "FettleStore", "FettleWorkbench", "OpenAIWire",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ]
        ),
        fettleTarget("LineEditor", ["CEditLine", "CTerminal", "CDisplayWidth"]),
        // Row 5: argv and composition.
        .executableTarget(
            name: "fettle",
            dependencies: [
                "FettleCore", "FettleData", "FettleLanguage", "FettleStore", "FettleNotebook",
                "FettleWorkbench", "FettleShell", "FettleServer", "LineEditor", "CTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // Tests: what they share, and a program to run the editor in.
        fettleTarget("FettleTestSupport", ["CTerminal", "CDisplayWidth", "CZlib"]),
        fettleTarget(
            "FettleFuzz",
            [
                "FettleCore", "FettleData", "FettleEngine", "FettleLanguage", "FettleModelFiles",
                "FettleNotebook", "FettleShell", "FettleTokenizers",
            ]
        ),
        .executableTarget(
            name: "fettle-fuzz",
            dependencies: [
                "FettleFuzz", "CTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "line-editor-probe",
            dependencies: ["LineEditor", "CTerminal"],
            path: "Tests/LineEditorProbe",
            swiftSettings: strict
        ),
        fettleTests("FettleEngine", ["FettleCore"], exclude: ["Fixtures"]),
        fettleTests("FettleHub", ["FettleCore"]),
        fettleTests("OpenAIWire", ["FettleCore"]),
        fettleTests(
            "FettleProviders",
            [
                "FettleCore", "FettleEngine", "FettleModelFiles", "FettleWorker", "OpenAIWire",
                "fettle-worker",
            ]
        ),
        fettleTests(
            "FettleServer",
            [
                "FettleCore", "FettleModelFiles", "FettleStore", "FettleTransformer",
                "FettleWorkbench", "OpenAIWire",
            ]
        ),
        fettleTests("FettleModelFiles", ["FettleCore"], exclude: ["Fixtures"]),
        fettleTests("FettleTokenizers", ["FettleCore"], exclude: ["Reference"]),
        fettleTests(
            "FettleTransformer",
            ["FettleCore", "FettleModelFiles", "CTransformerKernels"],
            exclude: ["Fixtures"]
        ),
        fettleTests(
            "FettleData",
            ["FettleCore", "CMappedFile"],
            exclude: ["Checks/prepare_data_comparison.py", "Recipe/listing_4_1.py"]
        ),
        fettleTests("FettleEvaluation", ["FettleCore"], exclude: ["Reference"]),
        fettleTests("FettleNotebook", ["FettleCore"], exclude: ["Reference", "Golden"]),
        fettleTests("FettleCore"),
        fettleTests("FettleLanguage", ["FettleCore"]),
        fettleTests("FettleStore", ["FettleCore", .product(name: "GRDB", package: "GRDB.swift")]),
        fettleTests(
            "FettleWorkbench",
            [
                "FettleCore", "FettleEngine", "FettleData", "FettleEvaluation", "FettleStore",
                "FettleTokenizers", "FettleTransformer",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        fettleTests("FettleWorker", ["FettleCore", "FettleEngine", "fettle-worker"]),
        fettleTests("FettleFuzz", ["CTerminal", "FettleCore", "fettle-fuzz"]),
        fettleTests(
            "LineEditor",
            ["CTerminal", "CDisplayWidth", "FettleNotebook", "line-editor-probe"]
        ),
        fettleTests(
            "FettleShell",
            [
                "FettleCore", "FettleData", "FettleLanguage", "FettleNotebook", "FettleStore",
                "FettleWorkbench",
            ]
        ),
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "fettle", "FettleTestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Clients"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "measure-transformer",
            dependencies: [
                "CDNNL", "FettleTransformer", "FettleModelFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "encode-texts",
            dependencies: [
                "FettleCore", "FettleTokenizers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "generate-samples",
            dependencies: [
                "FettleCore", "FettleEngine",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
    ]
)

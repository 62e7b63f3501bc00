import Foundation

/// Other people's programs that results are compared with, where they are installed.
///
/// The Python is the one named by FETTLE_PYTHON, else `python3`. A package that is absent skips the tests
/// that need it, and under FETTLE_REQUIRE_PEERS=1 makes them fail instead.
public enum Peers {
    /// What a peer gave: both of its streams together.
    public struct Result: Sendable {
        /// Its exit status.
        public var status: Int32
        /// What it wrote.
        public var output: String
    }

    /// Whether tests that need a Python package are to run: it is there, or its absence is to fail.
    public static func isUsable(_ package: String) -> Bool {
        if environment["FETTLE_REQUIRE_PEERS"] == "1" { return true }
        return (try? runPython(["-c", "import \(package)"]))?.status == 0
    }

    /// The path of Chromium, named by FETTLE_CHROMIUM or found along PATH; nil where there is none.
    public static var chromium: String? {
        if let path = environment["FETTLE_CHROMIUM"] { return path }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = folders.flatMap { ["\($0)/chromium", "\($0)/chromium-browser"] }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether tests that open pages are to run: Chromium is there, or its absence is to fail.
    public static var hasChromium: Bool {
        environment["FETTLE_REQUIRE_PEERS"] == "1" || chromium != nil
    }

    /// Opens a page without a window and returns the document as it was understood.
    ///
    /// `preferences` are further switches, such as those of a dark page.
    public static func openPage(_ path: String, preferences: [String] = []) throws -> Result {
        try openAddress("file://\(path)", profile: path + ".profile", preferences: preferences)
    }

    /// Opens an address without a window and returns the document as it is after five seconds of its time.
    ///
    /// `profile` is a folder for what the browser keeps.
    public static func openAddress(
        _ address: String,
        profile: String,
        preferences: [String] = []
    ) throws -> Result {
        let switches = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--virtual-time-budget=5000", "--user-data-dir=\(profile)",
        ]
        return try run(
            [chromium ?? "chromium"] + switches + preferences + ["--dump-dom", address],
            withErrors: false
        )
    }

    /// Runs the Python to its end.
    public static func runPython(_ arguments: [String]) throws -> Result {
        try run([python] + arguments, withErrors: true)
    }

    private static func run(_ arguments: [String], withErrors: Bool) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = withErrors ? pipe : FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: bytes, as: UTF8.self)
        )
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var python: String { environment["FETTLE_PYTHON"] ?? "python3" }
}

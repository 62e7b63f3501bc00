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

    /// Runs the Python to its end.
    public static func runPython(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python] + arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
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

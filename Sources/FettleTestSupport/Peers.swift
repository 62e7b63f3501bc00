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

    /// Opens a page in a frame of `width` columns of pixels and returns what expressions of a script find in it.
    ///
    /// A page may forbid scripts, so the one that looks stands outside: `d` is the document, `root` its element,
    /// `style` its computed styles. A document of a frame has no address of its own, and asks nothing of a server.
    public static func facts(
        of page: String,
        width: Int,
        isDark: Bool,
        _ expressions: [String]
    ) throws -> [String] {
        let folder = NSTemporaryDirectory() + "fettle-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        let list = expressions.map { "String(\($0))" }.joined(separator: ",\n")
        let harness = """
            <!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
            <iframe style="border:0;width:\(width)px;height:900px" srcdoc="\(text)"></iframe><ol></ol>
            <script>
            onload = () => {
              const d = document.querySelector('iframe').contentDocument;
              const root = d.documentElement, style = (e) => d.defaultView.getComputedStyle(e);
              for (const fact of [
            \(list)
              ]) {
                const item = document.createElement('li');
                item.textContent = fact;
                document.querySelector('ol').append(item);
              }
            };
            </script>
            """
        let file = folder + "/page.html"
        try Data(harness.utf8).write(to: URL(filePath: file))
        let result = try openPage(
            file,
            preferences: ["--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)"]
        )
        // The page itself may have lists.
        let facts = result.output.split(separator: "<ol>").last ?? ""
        return facts.matches(of: /<li>([^<]*)<\/li>/).map { String($0.output.1) }
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

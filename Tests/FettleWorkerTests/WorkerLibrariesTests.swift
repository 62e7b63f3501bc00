import Foundation
import Testing

/// What the worker needs of the machine that it is sent to.
struct WorkerLibrariesTests {
    /// Libraries that every Linux with glibc and GCC's runtime has.
    private static let system: Set = [
        "linux-vdso", "ld-linux-x86-64", "ld-linux-aarch64", "libc", "libm", "libgcc_s",
        "libstdc++", "libpthread", "libdl", "librt",
    ]

    @Test func programNeedsNoLibraryBesideSwiftsAndTheSystems() throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/ldd")
        process.arguments = [WorkerProgram.path]
        process.standardOutput = pipe
        try process.run()
        let text = try String(
            decoding: pipe.fileHandleForReading.readToEnd() ?? Data(),
            as: UTF8.self
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let names = text.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map { name in
                let file = name.split(separator: "/").last ?? name
                return String(file.trimmingPrefix(while: \.isWhitespace).prefix { $0 != "." })
            }
        }
        // The release build has Swift's own within it ('make worker').
        let swift = ["libswift", "libdispatch", "libBlocksRuntime"]
        let others = names.map { $0.trimmingCharacters(in: .whitespaces) }.filter { name in
            !Self.system.contains(name) && !swift.contains { name.hasPrefix($0) }
        }
        #expect(others == [])
        #expect(names.contains { $0.hasSuffix("libc") })
    }
}

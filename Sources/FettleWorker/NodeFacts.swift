import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension WorkEvent.Node {
    /// What this process may use of its machine.
    public static var current: WorkEvent.Node {
        WorkEvent.Node(
            version: FettleVersion.text,
            cores: cores,
            memory: memory,
            glibc: glibc
        )
    }

    /// The processors that the scheduler lets the process use, such as those of its Slurm task.
    private static var cores: Int {
        let status = text("/proc/self/status")
        let name = "Cpus_allowed_list:"
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let allowed = line.map { count(ofList: String($0.dropFirst(name.count))) } ?? 0
        return allowed > 0 ? allowed : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Returns how many numbers a list as `0-3,8` has; 0 for another text.
    static func count(ofList list: String) -> Int {
        var count = 0
        for part in list.filter({ !$0.isWhitespace }).split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return 0 }
            count += last - first + 1
        }
        return count
    }

    /// Bytes of the machine, or of its container where that has fewer; a scheduler may give a job less.
    private static var memory: Int {
        let all = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        let limits = [
            "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        ].compactMap { Int(text($0).filter { !$0.isWhitespace }) }
        return max(0, min(all, limits.min() ?? all))
    }

    private static var glibc: String {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = buffer.withUnsafeMutableBytes {
            confstr(
                Int32(_CS_GNU_LIBC_VERSION),
                $0.bindMemory(to: CChar.self).baseAddress,
                $0.count
            )
        }
        guard count > 1, count <= buffer.count else { return "unknown" }
        let text = String(decoding: buffer[..<(count - 1)], as: UTF8.self)
        return text.hasPrefix("glibc ") ? String(text.dropFirst(6)) : text
    }

    /// Returns the text of a small file of the kernel, whose size it does not tell; empty where there is none.
    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = read(file, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}

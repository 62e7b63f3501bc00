import CEditLine
import Glibc

/// The user's `.editrc`: the lines that concern every program, or those for this one.
struct UserSettings {
    /// The commands of the file as words.
    private let commands: [[String]]

    /// Reads `$EDITRC` or `~/.editrc`; a file that is not there has no commands.
    static func load() -> UserSettings {
        let path =
            environment("EDITRC") ?? environment("HOME").map { "\($0)/.editrc" }
        return UserSettings(path.flatMap(contents) ?? "")
    }

    /// Takes the commands of a file's text; `fettle:` before a command is for this program alone.
    init(_ text: String) {
        commands = text.split(whereSeparator: \.isNewline).compactMap { line in
            var words = Self.words(String(line))
            guard let first = words.first, !first.hasPrefix("#") else { return nil }
            if let colon = first.firstIndex(of: ":") {
                guard first[..<colon] == "fettle" else { return nil }
                words[0] = String(first[first.index(after: colon)...])
            }
            return words
        }
    }

    /// Whether the file asks for vi keys.
    var isVi: Bool {
        commands.last(where: Self.choosesKeyMap)?.contains("-v") ?? false
    }

    /// Chooses emacs keys or what the file asks for; this drops all bindings.
    func chooseKeyMap(of editor: OpaquePointer) {
        fettle_el_set_editor(editor, (isVi ? "vi" : "emacs").wide)
    }

    /// Runs the other commands, whose bindings win over the editor's own.
    func apply(to editor: OpaquePointer) {
        for words in commands where !Self.choosesKeyMap(words) {
            let wide = words.map(Self.allocated)
            defer { wide.forEach { $0.deallocate() } }
            var arguments = wide.map { UnsafePointer($0.baseAddress) } + [nil]
            _ = el_wparse(editor, Int32(words.count), &arguments)
        }
    }

    private static func choosesKeyMap(_ words: [String]) -> Bool {
        words.first == "bind" && (words.contains("-v") || words.contains("-e"))
    }

    private static func words(_ line: String) -> [String] {
        guard let tokenizer = tok_winit(nil) else { return [] }
        defer { tok_wend(tokenizer) }
        var count: Int32 = 0
        var found: UnsafeMutablePointer<UnsafePointer<wchar_t>?>?
        guard tok_wstr(tokenizer, line.wide, &count, &found) == 0, let found else { return [] }
        return (0..<Int(count)).compactMap { index in
            found[index].map { String(wide: UnsafeBufferPointer(start: $0, count: wcslen($0))) }
        }
    }

    private static func allocated(_ text: String) -> UnsafeMutableBufferPointer<wchar_t> {
        let wide = text.wide
        let buffer = UnsafeMutableBufferPointer<wchar_t>.allocate(capacity: wide.count)
        _ = buffer.initialize(from: wide)
        return buffer
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    private static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += block.prefix(count)
        }
    }
}

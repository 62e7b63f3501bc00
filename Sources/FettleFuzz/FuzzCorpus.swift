import FettleLanguage
import FettleShell
import Foundation

/// Valid inputs that others are made of by changes.
public struct FuzzCorpus: Sendable {
    /// Session scripts, and the examples of every command.
    let scripts: [[UInt8]]
    /// The beginnings of data files by extension.
    let data: [String: [[UInt8]]]

    /// The root of the repository.
    let root: String

    /// Reads the scripts and samples of the repository at `root`.
    ///
    /// - Throws: an error of the file system.
    public init(root: String) throws {
        self.root = root
        let manager = FileManager.default
        var scripts: [[UInt8]] = []
        for path in (manager.subpaths(atPath: root + "/sessions") ?? []).sorted()
        where path.hasSuffix(".fettle") {
            scripts.append(Array(try Data(contentsOf: URL(filePath: "\(root)/sessions/\(path)"))))
        }
        for declaration in CommandCatalogue.declarations {
            scripts += declaration.examples.map { Array($0.line.utf8) }
        }
        self.scripts = scripts
        var data: [String: [[UInt8]]] = [:]
        for name in try manager.contentsOfDirectory(atPath: root + "/samples").sorted() {
            guard let dot = name.lastIndex(of: ".") else { continue }
            let bytes = Array(try Data(contentsOf: URL(filePath: "\(root)/samples/\(name)")))
            data[String(name[name.index(after: dot)...]), default: []].append(
                Self.beginning(of: bytes)
            )
        }
        for (name, seeds) in Self.seeds {
            data[name, default: []] += seeds.map { Array($0.utf8) }
        }
        self.data = data
    }

    /// Returns the first rows; a whole sample would take most of the time.
    private static func beginning(of bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 2500 else { return bytes }
        let end = bytes[..<2500].lastIndex(of: UInt8(ascii: "\n")) ?? 2500
        return Array(bytes[...end])
    }

    private static let seeds: [String: [String]] = [
        "jsonl": [
            #"{"title": "go\u00e9d \"x\"", "stars": 5, "x": [1, {"a": null}], "y": -1.5e3}"#
                + "\n{\"title\": null}\n",
            "\u{FEFF}{\"a\": \"\\ud83d\\ude00\", \"b\": 9223372036854775808, \"c\": 1e400}\r\n\r\n",
            #"{"messages": [{"role": "user", "content": "x"}]}"#,
        ],
        "json": ["[{\"a\": 1, \"b\": \"é\"},\n {\"a\": true}]", "[]", "[{}]"],
        "csv": [
            "title,body,stars\r\n\"a \"\"b\"\", c\",\"two\nlines\",5\n,\"\",4\nx;y\té|,z,1e+300\n",
            "a;b;c\n1;2,5;\"x;y\"\n", "id|text\n007|好\n",
        ],
        "tsv": ["a\tb\n1\tx\\ny\n\t\n", "n\n1\n"],
    ]
}

import Testing

@testable import FettleShell

/// A few rows to tune on in no time.
enum SmallData {
    static let format = #"format prompt="{{text}} ->" completion=" {{label}}""#

    /// 200 rows with two labels, of which every prompt is another.
    static let csv: String = {
        let words = [["bright", "fine", "warm", "great"], ["dull", "poor", "cold", "sad"]]
        var text = "text,label,extra\n"
        for row in 0..<200 {
            let kind = row % 2
            let first = words[kind][row / 2 % 4]
            text += "number \(row) was \(first) and \(words[kind][row / 8 % 4]),"
            text += "\(kind == 0 ? "good" : "bad"),\(row % 7)\n"
        }
        return text
    }()

    /// A shell with the dataset `d` in its format.
    static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        let file = try folder.write(csv, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run("load \(file)\n\(format)")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }
}

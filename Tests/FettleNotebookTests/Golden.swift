import Foundation
import Testing

/// Compares a text with the file `Golden/NAME.txt`, or `Golden/NAME.TYPE`; with `RECORD=1` in the environment it writes the
/// file.
func expectGolden(
    _ text: String,
    _ name: String,
    type: String = "txt",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Golden/\(name).\(type)")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    let found = text.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, (line, other)) in zip(found, wanted).enumerated() where line != other {
        Issue.record(
            "\(name).\(type):\(number + 1)\n- \(other)\n+ \(line)",
            sourceLocation: sourceLocation
        )
        return
    }
    #expect(text == expected, sourceLocation: sourceLocation)
}

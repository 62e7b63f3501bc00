import FettleCore
import FettleModelFiles
import Foundation
import Testing

struct ModelfileTests {
    @Test func rawModelGetsItsPromptAsItIs() throws {
        let file = OllamaModelfile(
            model: "./reviews.gguf",
            isRaw: true,
            temperature: 0,
            maximumTokens: 2,
            contextLength: 2048,
            stops: ["\n", "###", "say \"no\" more"]
        )
        #expect(
            try file.text() == #"""
                FROM "./reviews.gguf"
                TEMPLATE {{ .Prompt }}
                PARAMETER temperature 0
                PARAMETER num_predict 2
                PARAMETER num_ctx 2048
                PARAMETER stop """
                """
                PARAMETER stop "###"
                PARAMETER stop """say "no" more"""

                """#
        )
    }

    @Test func chatModelHasItsTemplateInTheFile() throws {
        #expect(try OllamaModelfile(model: "m.gguf", isRaw: false).text() == "FROM \"m.gguf\"\n")
    }

    @Test(arguments: ["a\"\"\"b", "ends\"", "\"begins"])
    func quotesThatCannotBeSaidAreRefused(_ stop: String) throws {
        let file = OllamaModelfile(model: "m.gguf", isRaw: false, stops: [stop])
        let error = #expect(throws: Diagnostic.self) { try file.text() }
        #expect(
            error?.message
                == "a Modelfile cannot say '\(stop)': it has quotes at an end, or three in a row"
        )
    }

    @Test func fileIsWrittenWhole() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/Modelfile"
        try OllamaModelfile(model: "m.gguf", isRaw: false).write(to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "FROM \"m.gguf\"\n")
    }
}

import FettleTestSupport
import Foundation
import Testing

/// Listing 4.1 against pandas: the same lines from the same file.
struct ListingTests {
    private static let check = FettleProgram.root + "/Tests/FettleDataTests/Recipe/listing_4_1.py"

    @Test(
        .enabled(
            if: Peers.isUsable("pandas"),
            "no pandas in the Python of FETTLE_PYTHON, else python3"
        ),
        arguments: [
            FettleProgram.root + "/samples/reviews.jsonl",
            FettleProgram.root + "/../shared/data/womens_clothing_en/train.jsonl",
        ].filter { FileManager.default.fileExists(atPath: $0) }
    )
    func exportHasTheLinesThatPandasWrites(file: String) async throws {
        let folder = try TemporaryFolder()
        let script = """
            load '\(file)' as reviews
            where language == "en"
            format prompt="{{review_title}}\\n\\n{{review_body}}\\n\\n###\\n\\n" completion=" {{stars}}"
            dedupe on=prompt
            shuffle seed=1
            export to exported.jsonl

            """
        let result = try await FettleProgram.run(["--ephemeral"], input: script, in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let compared = try Peers.runPython(
            [Self.check, file, "--compare", folder.path + "/exported.jsonl"]
        )
        #expect(compared.status == 0, "\(compared.output)")
        #expect(compared.output.hasPrefix("same: "))
    }
}

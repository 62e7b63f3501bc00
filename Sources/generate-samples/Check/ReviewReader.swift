import ArgumentParser
import Foundation

/// Reads reviews back from a JSONL file.
enum ReviewReader {
    private struct Row: Decodable {
        var review_id: String
        var product_id: String
        var reviewer_id: String?
        var stars: Int
        var review_body: String
        var review_title: String
        var language: String
        var product_category: String
    }

    /// Returns the reviews of the file at `path`.
    static func read(_ path: String) throws -> [Review] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path): cannot be read; run 'generate-samples' first")
        }
        let decoder = JSONDecoder()
        return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            guard let row = try? decoder.decode(Row.self, from: line),
                let language = Language(rawValue: row.language)
            else {
                throw ValidationError("\(path):\(index + 1): not a review with all its columns")
            }
            return Review(
                reviewID: row.review_id,
                productID: row.product_id,
                reviewerID: row.reviewer_id,
                stars: row.stars,
                body: row.review_body,
                title: row.review_title,
                language: language,
                category: row.product_category
            )
        }
    }
}

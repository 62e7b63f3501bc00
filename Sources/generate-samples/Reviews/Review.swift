/// One row of the review files.
struct Review: Hashable {
    var reviewID: String
    var productID: String
    var reviewerID: String?
    var stars: Int
    var body: String
    var title: String
    var language: Language
    var category: String

    /// The columns, in the order in which every file has them.
    static let columns = [
        "review_id", "product_id", "reviewer_id", "stars", "review_body", "review_title",
        "language", "product_category",
    ]

    /// The row as one line of JSON, without a line feed.
    var json: String {
        let values = [
            reviewID.jsonQuoted, productID.jsonQuoted, reviewerID?.jsonQuoted ?? "null",
            String(stars),
            body.jsonQuoted, title.jsonQuoted, language.rawValue.jsonQuoted,
            category.jsonQuoted,
        ]
        let members = zip(Self.columns, values).map { "\"\($0)\":\($1)" }
        return "{\(members.joined(separator: ","))}"
    }
}

extension String {
    /// The text as a JSON string, with everything that may stand for itself left raw.
    var jsonQuoted: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

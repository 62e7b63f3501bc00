import HTTPTypes

// What the headers of a form and of its parts say.

extension MultipartParser {
    /// Returns the boundary that a `Content-Type` header names, quoted or not.
    ///
    /// - Throws: 400 when it is no form's.
    static func boundary(_ contentType: String?) throws(OpenAIErrorResponse) -> String {
        let (kind, parameters) = HeaderValue.parsed(contentType ?? "")
        guard kind == "multipart/form-data" else {
            throw OpenAIErrorResponse(
                .badRequest,
                "The body must be a form (multipart/form-data) with 'purpose' and 'file', found "
                    + (contentType == nil ? "no Content-Type." : "'\(kind.prefix(80))'.")
            )
        }
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw bad("its Content-Type header has no boundary of 1 to 70 characters")
        }
        return boundary
    }

    /// Returns the name and the file name that the headers of a part give it.
    static func disposition(
        _ headers: [UInt8]
    ) throws(OpenAIErrorResponse) -> (name: String, filename: String?) {
        for line in String(decoding: headers, as: UTF8.self).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"),
                line[..<colon].lowercased() == "content-disposition"
            else { continue }
            let (_, parameters) = HeaderValue.parsed(String(line[line.index(after: colon)...]))
            guard let name = parameters["name"] else { break }
            return (name, parameters["filename*"].flatMap(extended) ?? parameters["filename"])
        }
        throw bad("a part has no Content-Disposition header with a name")
    }

    /// Returns the text of a value such as `UTF-8''caf%C3%A9` (RFC 8187), or nil.
    private static func extended(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return PercentEncoding.decoded(parts[2])
    }
}

/// A header's value with parameters, as `form-data; name="file"`.
enum HeaderValue {
    /// Returns the value in lower case, and its parameters by their names in lower case.
    static func parsed(_ text: String) -> (value: String, parameters: [String: String]) {
        var rest = text.unicodeScalars[...]
        let value = taken(&rest, until: [";"])
        var parameters: [String: String] = [:]
        while rest.popFirst() != nil {
            let name = taken(&rest, until: [";", "="]).lowercased()
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            while rest.first == " " { rest.removeFirst() }
            let text = rest.first == "\"" ? quoted(&rest) : taken(&rest, until: [";"])
            if parameters[name] == nil { parameters[name] = text }
            while let next = rest.first, next != ";" { _ = (next, rest.removeFirst()) }
        }
        return (value.lowercased(), parameters)
    }

    private static func taken(
        _ rest: inout Substring.UnicodeScalarView,
        until ends: Set<UnicodeScalar>
    ) -> String {
        let text = rest.prefix { !ends.contains($0) }
        rest = rest[text.endIndex...]
        let blanks: Set<UnicodeScalar> = [" ", "\t", "\r", "\n"]
        var trimmed = text
        while let first = trimmed.first, blanks.contains(first) { trimmed.removeFirst() }
        while let last = trimmed.last, blanks.contains(last) { trimmed.removeLast() }
        return String(trimmed)
    }

    /// Takes a text in quotes.
    ///
    /// A backslash before a quote or a backslash is no part of it; before anything else it is, as in the paths
    /// that some clients send. Browsers write a quote as `%22`.
    private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String {
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst(), scalar != "\"" {
            if scalar == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(scalar)
            }
        }
        return String(text).replacing("%22", with: "\"")
    }
}

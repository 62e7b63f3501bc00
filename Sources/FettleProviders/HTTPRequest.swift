import FettleCore

/// One request over HTTP.
struct HTTPRequest {
    enum Method: String {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    enum Body {
        case none
        case json(JSONValue)
        case form(MultipartForm)
        /// The bytes of a file, which come from the disk as they are sent.
        case file(String)
    }

    var method: Method
    var url: String
    /// Whole header lines beside those that the body brings.
    var headers: [String] = []
    var body = Body.none
    /// For how long nothing may come or go.
    var quietSeconds = 60
}

/// What came back.
struct HTTPAnswer {
    var status: Int
    /// By their names in small letters.
    var headers: [String: String]
    /// The body, unless somebody else took it.
    var body: [UInt8]
    /// Where the answer sends to; empty when it does not.
    var redirect: String
}

/// No answer came, or not all of it.
struct TransferFailure: Error {
    /// What the library says.
    var words: String
    /// Whether nothing of the request can have reached the server.
    var isUnsent: Bool
    /// Whether the answer has more bytes than are taken, which it will have again.
    var isTooLong = false
}

import HTTPTypes
import FettleCore
import FettleStore
import FettleWorkbench

/// A form with a file and what it is for, in any order, whose file goes to disk as it comes.
struct UploadForm: ~Copyable {
    /// The longest value of a field that is no file.
    private static let longestField = 64 << 10

    private let library: FileLibrary
    private let maximumBytes: Int64
    private let purposes: [String]
    private var purpose: String?
    private var upload: FileUpload?
    /// The field that comes now, and its value so far.
    private var field: (name: String, value: [UInt8])?

    init(_ library: FileLibrary, maximumBytes: Int64, purposes: [String]) {
        self.library = library
        self.maximumBytes = maximumBytes
        self.purposes = purposes
    }

    /// Takes what the parser found.
    mutating func take(_ event: MultipartParser.Event) throws {
        switch event {
        case .begin(let name, let filename):
            if name == "file" {
                guard upload == nil else {
                    throw OpenAIErrorResponse(
                        .badRequest,
                        "The form has more than one 'file'.",
                        param: "file"
                    )
                }
                upload = try library.begin(filename: filename ?? "file", purpose: purpose)
                field = nil
            } else {
                field = (name, [])
            }
        case .data(let bytes):
            guard field != nil else {
                guard let upload else { return }
                guard upload.count + Int64(bytes.count) <= maximumBytes else {
                    throw Limits.tooLarge(maximumBytes)
                }
                return try upload.append(bytes)
            }
            field?.value.append(contentsOf: bytes)
            guard (field?.value.count ?? 0) <= Self.longestField else {
                throw OpenAIErrorResponse(
                    .badRequest,
                    "A field of the form is longer than \(Self.longestField) bytes."
                )
            }
        case .end:
            guard let done = field else { return }
            field = nil
            if done.name == "purpose" { purpose = try checked(done.value) }
        }
    }

    /// Keeps the file.
    mutating func finish() throws -> FileRecord {
        guard let purpose else { throw Self.missing("purpose") }
        guard let upload else { throw Self.missing("file") }
        return try upload.finish(purpose: purpose)
    }

    /// Gives up what came.
    mutating func abandon() {
        upload?.abandon()
    }

    private func checked(_ value: [UInt8]) throws -> String {
        let text = String(decoding: value, as: UTF8.self)
        guard purposes.contains(text) else {
            throw OpenAIErrorResponse(
                .badRequest,
                "'purpose' must be one of "
                    + purposes.map { "'\($0)'" }.joined(separator: ", ")
                    + ", found '\(text.prefix(40))'",
                param: "purpose"
            )
        }
        return text
    }

    private static func missing(_ name: String) -> OpenAIErrorResponse {
        OpenAIErrorResponse(.badRequest, "you must provide '\(name)'", param: name)
    }
}

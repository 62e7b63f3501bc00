import FettleCore
import FettleData
public import FettleStore
import Foundation

extension ModelLibrary {
    /// How many prompts an exported file is asked.
    private static let prompts = 20

    /// Writes a model for other programs, all of it or nothing, and asks model and file the same prompts.
    ///
    /// - Parameters:
    ///   - record: a tuned model, or a base model as it is.
    ///   - export: what is written where.
    ///   - dataset: whose rows are asked; nil for short texts that are built in.
    ///   - isNamed: whether the user named the dataset; else rows that cannot be asked are left.
    ///   - progress: called with what is done of how much, in which unit.
    /// - Returns: what was written and how it answered.
    /// - Throws: `bad-value` for a form that the model has not, `model-unwritable`, `export-differs`, what is
    ///   wrong with the model or the dataset, `CancellationError`; nothing is then left at the path.
    public func export(
        _ record: ModelRecord,
        _ export: ModelExport,
        on dataset: Dataset?,
        isNamed: Bool,
        progress: @escaping (_ done: Int, _ total: Int, _ unit: String) -> Void
    ) throws -> ModelExport.Result {
        var path = export.path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        let exporter = try exporter(of: record)
        let form = try export.form(at: path, among: exporter.forms, of: record.displayName)
        let numbers = try export.numbers(of: form)
        let target = try ExportTarget(path, form, name: record.displayName, export.replaces)
        let prompts = export.isChecked ? try prompts(for: record, dataset, isNamed) : []
        let answers = try target.write { temporary in
            try exporter.export(
                ExportOrder(
                    form: form,
                    numbers: numbers,
                    path: temporary,
                    prompts: prompts,
                    progress: progress
                )
            )
        }
        var agreement: ExportAgreement?
        if !prompts.isEmpty {
            let found = ExportAgreement(
                prompts,
                expected: answers.expected,
                found: answers.found,
                numbers
            )
            guard found.holds else { throw found.diagnostic(target.path, numbers) }
            agreement = found
        }
        var written = [(target.path, form.words(numbers))]
        if let modelfile = target.modelfile {
            try target.writeModelfile(exporter.modelfile(target.fileName))
            written.append((modelfile, "Modelfile for 'ollama create'"))
        }
        try target.finish()
        return ModelExport.Result(written: written, agreement: agreement)
    }

    private func exporter(of record: ModelRecord) throws(Diagnostic) -> ModelExporter {
        let base = try base(of: record)
        guard let make = base.exporter, !record.isBase || base.untuned != nil else {
            throw Diagnostic(
                "base-model",
                "'\(record.displayName)' is a base model that has nothing to export yet",
                hint: "tune it first: tune \(record.displayName) on DATASET as NAME"
            )
        }
        return try make(record.isBase ? nil : path(of: record))
    }

    /// Rows spread over the dataset as the model's format shows them, else texts that are built in.
    private func prompts(
        for record: ModelRecord,
        _ dataset: Dataset?,
        _ isNamed: Bool
    ) throws -> [String] {
        guard let dataset else { return Self.texts }
        let frame = dataset.frame
        let count = min(Self.prompts, frame.count)
        let rows = (0..<count).map { frame.rows[$0 * frame.count / count] }
        do {
            let part = dataset.replacing(frame: frame.showing(rows), adding: "rows")
            let prompts = try PromptSet(part, format: record.format).prompts
            if !prompts.isEmpty { return prompts }
        } catch let error as Diagnostic {
            if isNamed { throw error }
        }
        guard !isNamed else {
            throw Diagnostic("no-rows", "'\(dataset.name)' has no row to ask")
        }
        return Self.texts
    }

    /// Texts of several scripts and kinds.
    private static let texts = [
        "The capital of France is", "Once upon a time there was", "2 + 2 =", "Where is my order?",
        "It fits well, but the colour is not what I saw.", "Dear Sir or Madam,\n\n",
        "def add(a, b):\n    return", "SELECT name FROM users WHERE", "3.14159 and 2.71828 are",
        "The quick brown fox jumps over the lazy", "Der Himmel ist heute", "¿Dónde está la",
        "Le chat dort sur le", "Москва — столица", "東京は日本の", "北京是中国的", "مرحبا بك في",
        "🙂 means that somebody is", "  two blanks, a tab\tand a line\nbreak", "A",
    ]
}

extension ModelExport {
    /// Returns the form that is asked for, or that the path says.
    fileprivate func form(
        at path: String,
        among forms: [Form],
        of model: String
    ) throws(Diagnostic) -> Form {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var wanted = form ?? forms[0]
        if form == nil, name.lowercased().hasSuffix(".gguf") { wanted = .gguf }
        if form == nil, name == "Modelfile" { wanted = .modelfile }
        guard !forms.contains(wanted) else { return wanted }
        throw Diagnostic(
            "bad-value",
            "'\(model)' has no form '\(wanted.rawValue)', expected "
                + forms.map(\.rawValue).joined(separator: ", ")
        ).hinting(Self.way(to: wanted, among: forms, of: model))
    }

    /// Returns what to do about a form that a model has not, where it is not clear.
    private static func way(to wanted: Form, among forms: [Form], of model: String) -> String? {
        if forms == [.model] {
            return "the built-in model is written as its own file, which only Fettle reads: "
                + "model export \(model) \(model).model"
        }
        guard wanted == .adapter else { return nil }
        return "only what was tuned with train=adapter has an adapter; write the whole model: "
            + "model export \(model) FILE.gguf"
    }

    /// Returns how numbers are stored in a form.
    fileprivate func numbers(of form: Form) throws(Diagnostic) -> Numbers {
        let allowed: [Numbers] =
            switch form {
            case .adapter, .model: [.f32]
            case .folder: [.f16, .f32]
            case .gguf, .modelfile: Numbers.allCases
            }
        guard let numbers else { return allowed[0] }
        guard !allowed.contains(numbers) else { return numbers }
        throw Diagnostic(
            "bad-value",
            "the form '\(form.rawValue)' has no numbers of type '\(numbers.rawValue)', expected "
                + allowed.map(\.rawValue).joined(separator: ", ")
        ).hinting(
            form == .folder ? "a GGUF file has them: model export NAME FILE.gguf" : nil
        )
    }
}

extension ModelExport.Form {
    /// What stands at the path afterwards.
    fileprivate func words(_ numbers: ModelExport.Numbers) -> String {
        let type = numbers.rawValue.uppercased()
        return switch self {
        case .adapter: "adapter in PEFT's form"
        case .folder: "folder for transformers, \(type)"
        case .gguf, .modelfile: "GGUF, \(type)"
        case .model: "model file of Fettle"
        }
    }
}

/// Where an export goes: written under another name, it takes its own at the end.
private final class ExportTarget {
    /// The file or folder.
    let path: String
    /// The Modelfile beside it, if any.
    let modelfile: String?
    private let temporary: String
    private let replaces: Bool

    /// Sees to it that the places are free.
    ///
    /// - Throws: `model-unwritable`.
    init(
        _ path: String,
        _ form: ModelExport.Form,
        name: String,
        _ replaces: Bool
    ) throws(Diagnostic) {
        self.replaces = replaces
        if form == .modelfile {
            let slash = path.lastIndex(of: "/")
            let folder = slash.map { String(path[...$0]) } ?? ""
            // The id of a model without a name has ':', which some systems' names have not.
            self.path = folder + name.replacing(":", with: "-") + ".gguf"
            modelfile = path
        } else {
            self.path = path
            modelfile = nil
        }
        let number = UInt32.random(in: 0 ... .max)
        temporary = "\(self.path).\(getpid()).\(number).export"
        for place in [self.path, modelfile].compactMap(\.self) { try requireFree(place) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: temporary)
        try? FileManager.default.removeItem(atPath: temporary + ".modelfile")
    }

    /// The name of the file without its folder.
    var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    private func requireFree(_ path: String) throws(Diagnostic) {
        let manager = FileManager.default
        guard let type = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        else { return }
        func refusal(_ reason: String, _ hint: String) -> Diagnostic {
            Diagnostic(
                "model-unwritable",
                "cannot write the model '\(path)': \(reason)",
                hint: hint
            )
        }
        if type == .typeDirectory {
            let names = (try? manager.contentsOfDirectory(atPath: path)) ?? ["?"]
            guard !names.isEmpty else { return }
            let isModel = names.contains("config.json") || names.contains("adapter_config.json")
            guard isModel else {
                throw refusal("it is a folder of other files", "name a folder that is not there")
            }
        }
        guard replaces else {
            throw refusal("it exists already", "--force replaces it, or name another")
        }
    }

    /// Writes under the other name; what goes wrong tells of the right one.
    func write<Result>(_ body: (_ temporary: String) throws -> Result) throws -> Result {
        do {
            return try body(temporary)
        } catch var error as Diagnostic {
            error.message = error.message.replacing(temporary, with: path)
            throw error
        }
    }

    /// Writes the Modelfile under another name.
    func writeModelfile(_ text: String) throws(Diagnostic) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: temporary + ".modelfile"))
        } catch {
            throw unwritable(modelfile ?? path, systemReason(error))
        }
    }

    /// Gives what was written its names.
    func finish() throws(Diagnostic) {
        try place(temporary, at: path)
        if let modelfile { try place(temporary + ".modelfile", at: modelfile) }
    }

    private func place(_ written: String, at path: String) throws(Diagnostic) {
        let manager = FileManager.default
        let old = "\(written).old"
        var isFolder: ObjCBool = false
        // A folder does not take the place of one that has files.
        let moves =
            manager.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        if moves, rename(path, old) != 0 { throw unwritable(path, reason()) }
        guard rename(written, path) == 0 else {
            let error = unwritable(path, reason())
            if moves { rename(old, path) }
            throw error
        }
        if moves { try? manager.removeItem(atPath: old) }
    }

    private func reason() -> String { String(cString: strerror(errno)) }

    private func unwritable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic(
            "model-unwritable",
            "cannot write the model '\(path)': \(reason)",
            hint: "check the free space and the permissions of its folder"
        )
    }
}

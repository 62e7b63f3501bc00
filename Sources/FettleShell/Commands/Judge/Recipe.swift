import FettleCore
import FettleData
import FettleStore
import FettleWorkbench

/// The commands that make a model again, as far as a session knows them.
struct Recipe {
    /// Why they are not known.
    struct Unknown: Error {
        /// The reason, a clause without a full stop.
        var text: String
    }

    /// The commands, or the reason.
    let result: Result<[String], Unknown>

    init(of model: ModelRecord, in session: Session, _ services: Services) throws {
        do {
            result = .success(try Self.lines(of: model, in: session, services))
        } catch let unknown as Unknown {
            result = .failure(unknown)
        }
    }

    private static func lines(
        of model: ModelRecord,
        in session: Session,
        _ services: Services
    ) throws -> [String] {
        var lines: [String] = []
        var tunings: [String] = []
        var made: [String: String] = [:]
        var names: [String: String] = [:]
        for record in try chain(model, services) {
            guard let name = record.name else {
                throw Unknown(text: "\(record.id) has no name, which 'model rename' gives it")
            }
            let jobs = try services.workspace.jobs()
            guard var job = jobs.last(where: { $0.model == record.id })?.record else {
                throw Unknown(text: "\(name) was not tuned in this workspace")
            }
            guard let training = session.trainingRows(of: record) else {
                throw Unknown(
                    text:
                        "the rows that \(name) was tuned on, \(record.dataset) with the fingerprint "
                        + "\(record.datasetFingerprint.prefix(12)), are not in it"
                )
            }
            lines += try steps(training, &made, format: record.format)
            if let validation = job.validation {
                lines += try steps(known(validation, in: session), &made, format: nil)
            }
            names[record.id] = name
            job.base = names[job.base].map(CommandText.word) ?? job.base
            job.name = CommandText.word(name)
            job.dataset = CommandText.word(job.dataset)
            job.validation = job.validation.map(CommandText.word)
            job.suffix = nil
            tunings.append(job.command + " --no-check")
        }
        let calibrator = Calibrator(services.workspace, clock: services.clock)
        if let calibration = try calibrator.calibration(of: model) {
            let dataset = try known(calibration.dataset, in: session)
            lines += try steps(dataset, &made, format: nil)
            let name = CommandText.word(model.displayName)
            tunings.append("calibrate \(name) on \(CommandText.word(dataset.name))")
        }
        return lines + tunings
    }

    /// Returns the dataset of a name that the session has.
    private static func known(_ name: String, in session: Session) throws(Unknown) -> Dataset {
        guard let dataset = session.library.datasets.first(where: { $0.name == name }) else {
            throw Unknown(text: "the dataset \(name), on which it was measured, is not in it")
        }
        return dataset
    }

    /// The models from the first one tuned to this one.
    private static func chain(
        _ model: ModelRecord,
        _ services: Services
    ) throws -> [ModelRecord] {
        var chain = [model]
        while let id = chain[0].parent {
            guard let parent = try? services.models.model(id) else {
                throw Unknown(text: "\(id), which it was tuned from, was deleted")
            }
            chain.insert(parent, at: 0)
        }
        return chain
    }

    /// Returns the commands that load a dataset and do its steps, unless they stand there already; a split makes
    /// all its parts at once.
    ///
    /// `made` has the steps before the split, by the name that they are loaded as.
    private static func steps(
        _ dataset: Dataset,
        _ made: inout [String: String],
        format: PromptFormat?
    ) throws(Unknown) -> [String] {
        let base = String(dataset.name.prefix { $0 != "." })
        var lines = dataset.recipe
        guard let first = lines.first, first.hasPrefix("load "),
            !lines.contains(where: {
                $0.hasPrefix("concat") || $0.hasPrefix("sample ") && base != dataset.name
            })
        else {
            throw Unknown(text: "\(dataset.name) was not made of one file by steps alone")
        }
        let whole = lines.map { line in
            line.hasPrefix("split ") ? String(line.prefix { $0 != ";" }) : line
        }.joined(separator: "\n")
        if let earlier = made[base] {
            guard earlier == whole else {
                throw Unknown(text: "\(base) was made in two ways")
            }
            return []
        }
        made[base] = whole
        lines[0] = "\(first) as \(CommandText.word(base))"
        guard let format else { return lines }
        let isChat = if case .chat = format { " chat" } else { "" }
        let parts = format.parts.map { "\($0.name)=\(CommandText.quoted($0.template.source))" }
        return lines + ["format\(isChat) " + parts.joined(separator: " ")]
    }
}

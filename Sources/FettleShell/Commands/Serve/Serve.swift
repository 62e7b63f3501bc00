import FettleCore
import FettleLanguage
import FettleNotebook
public import FettleWorkbench

struct Serve: Command {
    /// What can be done with the server.
    enum Action: String, CaseIterable, ArgumentValue {
        case run, stop
    }

    static let action = Option<Action>.word(
        "action",
        required: false,
        default: "run with settings or '&', else say whether one runs",
        help: "run: serve until Ctrl-C; stop: end the server of this shell"
    )
    static let host = Option<String>.setting(
        "host",
        default: "127.0.0.1",
        help: "the name or address to listen at; any but this machine's own needs a key"
    )
    static let port = Option<Int>.setting(
        "port",
        default: "8080",
        help: "the port; 0 takes any that is free"
    )
    static let keyFile = Option<ArgumentWord>.setting(
        "api_key_file",
        kind: .file([]),
        help: "a file with the keys that requests need one of, one a line"
    )
    static let maximumUpload = Option<ByteLimit>.setting(
        "max_upload",
        default: "512MB",
        help: "the longest upload, such as 200MB or 2GB"
    )
    static let record = Option<Bool>.flag(
        "record",
        help: "keep predictions, so that they can be judged later"
    )

    static let calibrated = Option<Bool>.flag(
        "calibrated",
        help:
            "tell labels' probabilities at the temperatures that 'calibrate' fitted; a model without one is an error"
    )

    static let declaration = CommandDeclaration(
        "serve",
        group: .serve,
        summary: "serve the models by OpenAI's API, to its clients of both generations",
        details: """
            Jobs, files and models are those of this workspace. 'serve &' goes on beside the commands and writes
            its log to .fettle/server.log; without '&' it runs until Ctrl-C, its log on standard error. Requests
            that run when it stops have ten seconds to end.
            """,
        parameters: [
            action.parameter, host.parameter, port.parameter, keyFile.parameter,
            maximumUpload.parameter, record.parameter, calibrated.parameter,
        ],
        effect: .files,
        examples: [
            .init("serve port=0 &; serve stop", "beside the commands, on any free port"),
            .init("serve", "whether a server runs, and where"),
        ]
    )

    private enum Work {
        case tell, stop
        case run(ServerSettings, keyFile: ArgumentWord?)
    }

    private let work: Work?
    private let settings: ServerSettings
    private let keyFile: ArgumentWord?
    private let isBare: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.value(Self.action)
        let host = try arguments.value(Self.host)
        let port = try arguments.value(Self.port)
        keyFile = try arguments.value(Self.keyFile)
        let limit = try arguments.value(Self.maximumUpload)
        let records = arguments.has(Self.record)
        let isCalibrated = arguments.has(Self.calibrated)
        var settings = ServerSettings(recordsPredictions: records, isCalibrated: isCalibrated)
        if let host { settings.host = host }
        if let port { settings.port = port }
        if let limit { settings.maximumUpload = limit.bytes }
        self.settings = settings
        isBare =
            host == nil && port == nil && keyFile == nil && limit == nil && !records
            && !isCalibrated
        switch action {
        case .stop?:
            guard isBare else {
                throw Diagnostic(
                    "unexpected-word",
                    "'serve stop' takes no settings",
                    span: arguments.span,
                    hint: "serve stop"
                )
            }
            work = .stop
        case .run?: work = .run(settings, keyFile: keyFile)
        case nil: work = isBare ? nil : .run(settings, keyFile: keyFile)
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let control = context.services.surroundings.server else {
            throw Diagnostic(
                "no-server",
                "no server can be started here",
                hint: "'fettle serve' starts one, or 'serve' at the prompt"
            )
        }
        switch work ?? (context.isInBackground ? .run(settings, keyFile: keyFile) : .tell) {
        case .tell:
            let text = control.running.map { "serving \($0.baseURL)" }
            return CommandOutput(blocks: [.text(text ?? "no server runs: 'serve &' starts one")])
        case .stop:
            let server = await control.stop()
            return CommandOutput(blocks: [
                .text(server.map(ServeText.stopped) ?? "no server runs")
            ])
        case .run(var settings, let keyFile):
            if let keyFile { settings.keys = try KeyFile.keys(keyFile) }
            return try await serve(settings, control, context)
        }
    }

    private func serve(
        _ settings: ServerSettings,
        _ control: ServerControl,
        _ context: Context
    ) async throws -> CommandOutput {
        let services = context.services
        let log =
            context.isInBackground
            ? try ServerLogFile(services.workspace).write : services.surroundings.writeServerLog
        let server = try await control.start(
            settings,
            ServerParts(
                workspace: services.workspace,
                jobs: services.jobs,
                clock: services.clock,
                log: log
            )
        )
        let started = OutputBlock.text(ServeText.started(server))
        guard !context.isInBackground else { return CommandOutput(blocks: [started]) }
        context.show(started)
        await withTaskCancellationHandler {
            await server.wait()
        } onCancel: {
            Task { await server.stop() }
        }
        // Who ended it in another way says so.
        let own = await control.stop()
        return CommandOutput(blocks: own.map { [.text(ServeText.stopped($0))] } ?? [])
    }
}

/// What is said of a server.
public enum ServeText {
    /// Says where a server listens and how clients of both generations are led to it.
    public static func started(_ server: RunningServer) -> String {
        let key = server.needsKey ? "one of its keys" : "any text"
        return
            "serving \(server.baseURL): set OPENAI_BASE_URL to it (openai 1 and newer) or OPENAI_API_BASE "
            + "(openai 0.28), and OPENAI_API_KEY to \(key)"
    }

    /// Says that a server has stopped.
    public static func stopped(_ server: RunningServer) -> String {
        "stopped serving \(server.baseURL)"
    }
}

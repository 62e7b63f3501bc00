import FettleCore
public import FettleWorkbench
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The server of the API that OpenAI's clients speak, over the same workspace as the shell.
public enum Server {
    /// How long requests that run may take to end when the server stops.
    static let grace = Duration.seconds(10)

    /// Starts a server and returns when it listens.
    ///
    /// - Throws: `server-key` when the address is not this machine's own and no key is asked for,
    ///   `server-address` when it cannot be had.
    public static func start(
        _ settings: ServerSettings,
        _ parts: ServerParts
    ) async throws -> RunningServer {
        try check(settings)
        let log = LineLogger.logger(parts.log)
        let services = ServerServices(settings, parts, log)
        services.files.removeLeftovers()
        try services.served.start()
        let responder = Responder(services)
        let departures = Departures()
        let channel = HTTP1Channel(
            responder: { (request, writer: consuming ResponseWriter, channel) in
                let client = departures.client(of: channel)
                try await responder.respond(request, writer, from: client)
            },
            configuration: .init(
                additionalChannelHandlers: [
                    MalformedRequestHandler(), DepartureHandler(departures),
                ],
                idleTimeout: .seconds(75),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10,
                    maxHeaderListSize: 64 << 10,
                    maxHeaderFieldCount: 100
                )
            )
        )
        // NIO's own notes of its state are not the user's; what it cannot do is thrown.
        var quiet = log
        quiet.logLevel = .critical
        let (listening, started) = AsyncThrowingStream.makeStream(of: Int.self)
        let server = HummingbirdCore.Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(bareHost(settings.host), port: settings.port),
                backlog: 1024
            ),
            onServerRunning: { started.yield($0.localAddress?.port ?? settings.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
        let run = Task {
            do {
                try await server.run()
                started.finish()
            } catch {
                started.finish(throwing: error)
            }
        }
        do {
            for try await port in listening {
                return RunningServer(
                    host: settings.host,
                    port: port,
                    needsKey: !settings.keys.isEmpty,
                    stop: { await stop(server, run, services) },
                    wait: { await run.value }
                )
            }
        } catch {
            await services.served.stop()
            throw unreachable(settings, error)
        }
        await services.served.stop()
        throw CancellationError()
    }

    /// Ends the server: its port is given back at once, and requests that run have ``grace`` to end.
    private static func stop(
        _ server: HummingbirdCore.Server<HTTP1Channel>,
        _ run: Task<Void, Never>,
        _ services: ServerServices
    ) async {
        services.beginStopping()
        await services.served.stop()
        let deadline = Task {
            try? await Task.sleep(for: grace)
            if !Task.isCancelled { run.cancel() }
        }
        try? await server.shutdownGracefully()
        await run.value
        deadline.cancel()
        services.recorder?.flush()
    }

    private static func check(_ settings: ServerSettings) throws(Diagnostic) {
        guard (0...65_535).contains(settings.port) else {
            throw Diagnostic(
                "server-address",
                "\(settings.port) is no port, which is a number from 0 to 65,535",
                hint: "port=0 takes any that is free"
            )
        }
        guard settings.keys.isEmpty, !HostGuard.isLoopback(bareHost(settings.host)) else { return }
        throw Diagnostic(
            "server-key",
            "'\(settings.host)' can be reached by other machines, and no key would be asked for",
            hints: [
                "put a long random key into a file and name it with --api-key-file FILE",
                "or serve on this machine only, with host=127.0.0.1",
            ]
        )
    }

    /// The host without the brackets around an address of IPv6.
    private static func bareHost(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func unreachable(_ settings: ServerSettings, _ error: any Error) -> Diagnostic {
        let place = "port \(settings.port) of '\(settings.host)'"
        return switch (error as? IOError)?.errnoCode {
        case EADDRINUSE?:
            Diagnostic(
                "server-address",
                "\(place) is taken by another program",
                hint: "choose another with port=N; port=0 takes any that is free"
            )
        case EACCES?:
            Diagnostic(
                "server-address",
                "\(place) is not given to programs without special rights",
                hint: "choose a port from 1,024 on, such as port=8080"
            )
        case let code?:
            Diagnostic(
                "server-address",
                "\(place) cannot be listened at: \(String(cString: strerror(code)))",
                hint: "the host is one of this machine's own names or addresses"
            )
        case nil:
            Diagnostic(
                "server-address",
                "\(place) cannot be listened at: \(error)",
                hint: "the host is one of this machine's own names or addresses"
            )
        }
    }
}

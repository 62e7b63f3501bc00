import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells whose client has gone away, by connection, so that nothing goes on working for nobody.
///
/// The library reads no further while a request is answered, and would tell only when it writes.
final class Departures: Sendable {
    /// The client of a connection, whose requests are answered one after the other.
    final class Client: Sendable {
        private struct State {
            var isGone = false
            var action: (@Sendable () -> Void)?
        }

        private let state = Mutex(State())

        /// Calls `action` once, when the client goes away or at once where it has; another call takes its place.
        func whenGone(_ action: @escaping @Sendable () -> Void) {
            let isGone = state.withLock { state in
                if !state.isGone { state.action = action }
                return state.isGone
            }
            if isGone { action() }
        }

        /// Forgets what was to be called.
        func forget() {
            state.withLock { $0.action = nil }
        }

        fileprivate func leave() {
            let action = state.withLock { state in
                defer { state.action = nil }
                state.isGone = true
                return state.action
            }
            action?()
        }
    }

    private let clients = Mutex<[ObjectIdentifier: Client]>([:])

    /// Returns the client of a connection that is open.
    func client(of channel: any Channel) -> Client? {
        clients.withLock { $0[ObjectIdentifier(channel)] }
    }

    fileprivate func open(_ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = Client() }
    }

    fileprivate func leave(_ channel: any Channel) {
        client(of: channel)?.leave()
    }

    fileprivate func close(_ channel: any Channel) {
        let client = clients.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
        client?.leave()
    }
}

/// Notes when a client ends its connection, or its half of it, after which it waits for nothing.
final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let departures: Departures

    init(_ departures: Departures) {
        self.departures = departures
    }

    func handlerAdded(context: ChannelHandlerContext) {
        departures.open(context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        departures.close(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departures.leave(context.channel)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { departures.leave(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }
}

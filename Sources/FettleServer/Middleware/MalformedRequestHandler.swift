import FettleCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import OpenAIWire

/// Answers what is no HTTP with the error object that all other errors have, and closes the connection; closes it also
/// after a request that asks for another protocol, as the parser reads no more of it.
final class MalformedRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Whether a request waits for its answer, which another one must not go before.
    private var waiting = 0
    private var isBroken = false
    /// Whether no request comes after the last one that waits.
    private var isLast = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            waiting += 1
            isLast = head.method == .connect || head.headerFields[.upgrade] != nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast && waiting == 1 && head.status.kind != .informational:
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            waiting -= 1
            context.write(data, promise: promise)
            guard isLast, waiting == 0 else { return }
            context.flush()
            context.close(promise: nil)
        default: context.write(data, promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !isBroken else {
            context.fireErrorCaught(error)
            return
        }
        isBroken = true
        guard waiting == 0 else {
            context.fireErrorCaught(error)
            return
        }
        let body = ByteBuffer(
            string: OpenAIError("The request is not HTTP that this server reads: \(error)").json
                .text()
                + "\n"
        )
        let head = HTTPResponse(
            status: .badRequest,
            headerFields: [
                .contentType: "application/json", .contentLength: String(body.readableBytes),
                .connection: "close",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}

import FettleCore
import FettleStore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire

/// What would have been right: labels for answers that were given.
enum FeedbackRoutes {
    static let all: [Route] = [.post("/v1/fettle/feedback", judge)]

    /// The longest label, in bytes.
    static let longestLabel = 4096

    private static func judge(_ exchange: Exchange) async throws -> Response {
        let body = try await exchange.bodyObject()
        let id = try body.required("id", body.string("id"))
        let label = try body.required("label", body.string("label"))
        let choice = try body.integer("index", in: 0...Int(Int32.max)) ?? 0
        guard !label.allSatisfy(\.isWhitespace), label.utf8.count <= longestLabel else {
            throw OpenAIErrorResponse(
                .badRequest,
                "'label' must be a text that is not empty, of at most \(longestLabel) bytes",
                param: "label"
            )
        }
        // A server that keeps no more predictions still takes labels for those of before.
        let recorder =
            exchange.services.recorder
            ?? PredictionRecorder(exchange.services.workspace, clock: exchange.services.clock) {
                _ in
            }
        let judged = try recorder.judge(completion: id, choice: choice, label: label)
        return Response(
            json: .object([
                .init("object", .string("fettle.feedback")),
                .init("id", .string(id)),
                .init("index", .integer(Int64(choice))),
                .init("model", .string(judged.model)),
                .init("prediction", .string(judged.answer)),
                .init("label", .string(judged.label ?? label)),
                .init("correct", .boolean(Judgement.isRight(judged.answer, judged.label ?? label))),
                .init("created_at", .integer(Int64((judged.judgedAt ?? judged.at).inSeconds))),
            ])
        )
    }
}

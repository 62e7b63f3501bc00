import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// A conversation at a terminal.
extension Shell {
    private static let chatPrompt = "you> "
    private static let partMark = "stopped: this part stays in the conversation"

    /// Returns the `chat` that a typed statement is when its messages are to be typed too.
    func typedChat(_ statement: Statement, in source: SourceText) throws(Diagnostic) -> Chat? {
        guard source.file == nil, services.surroundings.typing != nil, !statement.inBackground,
            statement.stages.count == 1, statement.redirect == nil,
            case .command(let invocation) = statement.stages[0],
            invocation.verb == Chat.declaration.name
        else { return nil }
        do {
            let chat = try Interpreter(services).command(of: statement, session) as? Chat
            return chat?.messages.isEmpty == true ? chat : nil
        } catch {
            throw source.placing(error)
        }
    }

    /// Reads messages and answers them, until the user leaves.
    mutating func converse(
        _ chat: Chat,
        _ statement: Statement,
        in source: SourceText
    ) async -> ExitStatus {
        let services = services
        guard let typing = services.surroundings.typing else { return .failure }
        let recorder = CellRecorder(prose: "")
        var said: [String] = []
        do {
            var conversation = try await interrupts.run { try chat.conversation(services) }
            show(
                .note("'/quit' or Ctrl-D leaves, '/COMMAND' runs a command, Ctrl-C ends an answer")
            )
            while !session.wantsToQuit {
                let typed = try await typing(Self.chatPrompt)
                interrupts.forget()
                guard case .line(let line) = typed else {
                    if typed == .end { break }
                    continue
                }
                guard line.contains(where: { !$0.isWhitespace }) else { continue }
                if line.hasPrefix("/"), !line.hasPrefix("//") {
                    let command = String(line.dropFirst())
                    if ["quit", "exit", "bye"].contains(command.filter { !$0.isWhitespace }) {
                        break
                    }
                    _ = await run(SourceText(text: command, isRecorded: source.isRecorded))
                    interrupts.forget()
                    continue
                }
                let message = line.hasPrefix("//") ? String(line.dropFirst()) : line
                conversation = await answer(message, conversation, recorder, &said)
            }
        } catch let diagnostic as Diagnostic {
            return show(source.placing(diagnostic))
        } catch {
            return .interrupted
        }
        guard !said.isEmpty, source.isRecorded else { return .success }
        let words = said.map(\.asWord).joined(separator: " ")
        services.record("\(statement.text) \(words)", recorder, outcome: .succeeded)
        return .success
    }

    /// Has the model answer, and returns the conversation after that; what goes wrong is shown, and the
    /// conversation as it was.
    private func answer(
        _ message: String,
        _ conversation: Conversation,
        _ recorder: CellRecorder,
        _ said: inout [String]
    ) async -> Conversation {
        let stream = services.surroundings.stream
        do {
            let (after, turn) = try await interrupts.run {
                var conversation = conversation
                let turn = try conversation.say(message, stream.map { LiveText($0) })
                return (conversation, turn)
            }
            interrupts.forget()
            if stream == nil { show(.text(turn.text)) }
            var remarks = turn.remarks
            if turn.isPart { remarks.append(.note(Self.partMark)) }
            for remark in remarks { show(remark) }
            recorder.add(.text("User: \(message)"))
            recorder.add(.text(Conversation.name + turn.text))
            for remark in remarks { recorder.add(remark) }
            said.append(message)
            return after
        } catch let diagnostic as Diagnostic {
            _ = show(diagnostic)
        } catch {
            show(.note("interrupted before an answer; the conversation is as before"))
        }
        interrupts.forget()
        return conversation
    }

    private func show(_ block: OutputBlock) {
        let text = output.renderer(session.settings).render([block])
        output.write(services.secrets.mask(text))
    }
}

extension String {
    /// The text as a word of the language.
    fileprivate var asWord: String {
        guard contains("'") else { return "'\(self)'" }
        return visible.replacing("$", with: "\\$")
    }
}

import FettleStore
import FettleWorkbench

/// The datasets, variables and settings before and after each change, for `undo` and `redo`.
struct TimeTravel: Sendable {
    /// What `undo` and `redo` bring back.
    struct State: Sendable {
        var library: DatasetLibrary
        var variables: [String: Session.Value]
        var settings: Settings
    }

    /// One change: the line that made it, whether that is recorded, and the state on its other side.
    struct Change: Sendable {
        var line: String
        var isRecorded: Bool
        var state: State
    }

    /// Changes that can be undone, oldest first, with the state before them.
    var past: [Change] = []
    /// Changes that can be redone, next last, with the state after them.
    var future: [Change] = []
    /// What was trained, written or run since the last change, which no `undo` takes back.
    var lasting: [String] = []
}

extension Session {
    /// What `undo` and `redo` bring back, as it is.
    var timeState: TimeTravel.State {
        get { TimeTravel.State(library: library, variables: variables, settings: settings) }
        set {
            (library, variables) = (newValue.library, newValue.variables)
            settings = newValue.settings
        }
    }

    /// Whether datasets, formats, variables or settings are others than in `before`.
    private func differs(from before: TimeTravel.State) -> Bool {
        before.library.revision != library.revision || before.variables != variables
            || before.settings != settings
    }

    /// Goes back before the last change; returns the line that made it, or nil when there is none.
    mutating func undo() -> String? {
        guard let change = time.past.popLast() else { return nil }
        time.future.append(
            .init(line: change.line, isRecorded: change.isRecorded, state: timeState)
        )
        timeState = change.state
        return change.line
    }

    /// Goes forward to after the change undone last; returns its line, or nil when there is none.
    mutating func redo() -> String? {
        guard let change = time.future.popLast() else { return nil }
        time.past.append(
            .init(line: change.line, isRecorded: change.isRecorded, state: timeState)
        )
        timeState = change.state
        return change.line
    }

    /// Returns what a statement did since `before`, whose changes were `time`, and notes a change that
    /// `undo` can take back; `lasting` says what it did that stays all the same.
    mutating func noteEffect(
        since before: TimeTravel.State,
        _ time: TimeTravel,
        line: String,
        isRecorded: Bool,
        lasting: String?
    ) -> CellEffect {
        let steps = self.time.past.count - time.past.count
        if steps != 0 {
            self.time.lasting = []
            let change = steps < 0 ? time.past.last : time.future.last
            return change?.isRecorded == true ? .change : .none
        }
        let isChange = differs(from: before)
        if isChange {
            self.time.past.append(.init(line: line, isRecorded: isRecorded, state: before))
            self.time.future = []
            self.time.lasting = []
        }
        if let lasting { self.time.lasting.append(lasting) }
        if isChange { return .change }
        return before.library.current != library.current ? .move : .none
    }
}

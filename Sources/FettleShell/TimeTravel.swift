import FettleStore
import FettleWorkbench

/// The datasets before and after each change, for `undo` and `redo`.
struct TimeTravel: Sendable {
    /// One change: the line that made it, whether that is recorded, and the datasets on its other side.
    struct Change: Sendable {
        var line: String
        var isRecorded: Bool
        var library: DatasetLibrary
    }

    /// Changes that can be undone, oldest first, with the datasets before them.
    var past: [Change] = []
    /// Changes that can be redone, next last, with the datasets after them.
    var future: [Change] = []
}

extension Session {
    /// Notes a change of the datasets since `before` that the statement `line` made.
    mutating func remember(_ before: DatasetLibrary, line: String, isRecorded: Bool) {
        guard before.revision != library.revision else { return }
        time.past.append(.init(line: line, isRecorded: isRecorded, library: before))
        time.future = []
    }

    /// Goes back before the last change; returns the line that made it, or nil when there is none.
    mutating func undo() -> String? {
        guard let change = time.past.popLast() else { return nil }
        time.future.append(
            .init(line: change.line, isRecorded: change.isRecorded, library: library)
        )
        library = change.library
        return change.line
    }

    /// Goes forward to after the change undone last; returns its line, or nil when there is none.
    mutating func redo() -> String? {
        guard let change = time.future.popLast() else { return nil }
        time.past.append(
            .init(line: change.line, isRecorded: change.isRecorded, library: library)
        )
        library = change.library
        return change.line
    }
}

extension Session {
    /// Returns what a statement did since `before`, whose changes were `time`, and notes a change that
    /// `undo` can take back.
    mutating func noteEffect(
        since before: DatasetLibrary,
        _ time: TimeTravel,
        line: String,
        isRecorded: Bool
    ) -> CellEffect {
        let steps = self.time.past.count - time.past.count
        if steps != 0 {
            let change = steps < 0 ? time.past.last : time.future.last
            return change?.isRecorded == true ? .change : .none
        }
        remember(before, line: line, isRecorded: isRecorded)
        if before.revision != library.revision { return .change }
        return before.current != library.current ? .move : .none
    }
}

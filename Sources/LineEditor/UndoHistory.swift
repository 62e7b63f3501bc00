/// The states of a line that undo and redo go between; what is typed goes back word by word.
struct UndoHistory {
    /// A text and its cursor, in scalars.
    struct State: Equatable {
        var scalars: [UInt32] = []
        var cursor = 0
    }

    private enum Change {
        case letter, blank, deletion, other
    }

    private static let limit = 500

    /// More scalars than this are not kept, so that a huge text does not fill the memory.
    private static let scalarLimit = 1 << 21

    private var past: [State] = []
    private var future: [State] = []
    private var present = State()
    private var change = Change.other
    private var scalarCount = 0

    /// Notes what the line is before a key is waited for.
    mutating func note(_ state: State) {
        guard state.scalars != present.scalars else {
            if state.cursor != present.cursor { change = .other }
            present.cursor = state.cursor
            return
        }
        let next = Self.change(from: present, to: state)
        let joins =
            switch (change, next) {
            case (.letter, .letter), (.letter, .blank), (.blank, .blank),
                (.deletion, .deletion):
                true
            default: false
            }
        if !joins {
            past.append(present)
            scalarCount += present.scalars.count
            while past.count > Self.limit || scalarCount > Self.scalarLimit, !past.isEmpty {
                scalarCount -= past.removeFirst().scalars.count
            }
        }
        future = []
        present = state
        change = next
    }

    /// Returns the state before the last word or change, or nil where there is none.
    mutating func undo() -> State? {
        guard let state = past.popLast() else { return nil }
        scalarCount -= state.scalars.count
        future.append(present)
        present = state
        change = .other
        return state
    }

    /// Returns the state after the change undone last, or nil where there is none.
    mutating func redo() -> State? {
        guard let state = future.popLast() else { return nil }
        past.append(present)
        scalarCount += present.scalars.count
        present = state
        change = .other
        return state
    }

    private static func change(from old: State, to new: State) -> Change {
        let difference = new.scalars.count - old.scalars.count
        if difference == 1, new.cursor == old.cursor + 1 {
            let typed = new.scalars[old.cursor]
            return typed == 0x20 || typed == 0x09 ? .blank : .letter
        }
        return difference == -1 ? .deletion : .other
    }
}

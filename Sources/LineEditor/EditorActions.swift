import CEditLine
import Glibc

extension EditorCore {
    /// Inserts text at the cursor.
    func insert(_ text: String) -> fettle_key_result {
        guard !text.isEmpty else { return FETTLE_KEY_NORMAL }
        return el_winsertstr(editor, text.wide) == 0 ? FETTLE_KEY_REFRESH : FETTLE_KEY_ERROR
    }

    /// Runs one of libedit's own functions, by a sequence bound to it.
    func run(_ sequence: String) -> fettle_key_result {
        el_wpush(editor, sequence.wide)
        return FETTLE_KEY_NORMAL
    }

    /// Makes the line another text.
    func setLine(_ scalars: [UInt32], cursor: Int) {
        let (old, place) = currentLine
        el_cursor(editor, Int32(old.count - place))
        el_deletestr(editor, Int32(old.count))
        _ = insert(String(scalars: scalars))
        el_cursor(editor, Int32(cursor - scalars.count))
    }

    /// Makes the line a state of it, or complains where there is none.
    func show(_ state: UndoHistory.State?) -> fettle_key_result {
        guard let state else { return FETTLE_KEY_ERROR }
        setLine(state.scalars, cursor: state.cursor)
        return FETTLE_KEY_REFRESH
    }

    /// Submits a complete text; else starts another line of it.
    func submit() -> fettle_key_result {
        let text = shelf.expand(String(scalars: currentLine.scalars))
        guard configuration.isComplete(text) else { return insert("\n") }
        el_wpush(editor, submitSequence.wide)
        // On a dumb terminal, drawing tells libedit how far down the line reaches.
        return FETTLE_KEY_REFRESH
    }

    /// Drops the line, which is kept for Up.
    func interrupt() -> fettle_key_result {
        let (scalars, cursor) = currentLine
        addToHistory(shelf.expand(String(scalars: scalars)))
        el_cursor(editor, Int32(scalars.count - cursor))
        ending = .interrupted
        el_wpush(editor, submitSequence.wide)
        return insert("^C")
    }

    /// Lets the user change the line in his editor.
    func editLine() -> fettle_key_result {
        let line = shelf.expand(String(scalars: currentLine.scalars))
        guard let text = edited(line, isTyped: true) else { return FETTLE_KEY_ERROR }
        let scalars = shelf.shorten(text).unicodeScalars.map(\.value)
        setLine(scalars, cursor: scalars.count)
        return FETTLE_KEY_REFRESH
    }

    // MARK: - Hints

    /// Takes over the hint or its first word; nil where there is no hint.
    func acceptHint(word: Bool = false) -> fettle_key_result? {
        let (scalars, cursor) = currentLine
        var hint = hint(for: scalars, cursor: cursor)
        guard !hint.isEmpty else { return nil }
        if word {
            let blanks = hint.prefix { $0.isWhitespace }
            hint = String(blanks + hint.dropFirst(blanks.count).prefix { !$0.isWhitespace })
        }
        return insert(hint)
    }

    // MARK: - Cursor

    /// Where the characters of the cursor's line begin, its end included, and which is the cursor's.
    private func characters(_ scalars: [UInt32], _ cursor: Int) -> (starts: [Int], index: Int) {
        let start = (scalars[..<cursor].lastIndex(of: 0x0A) ?? -1) + 1
        let end = scalars[cursor...].firstIndex(of: 0x0A) ?? scalars.count
        let starts = Glyph.boundaries(in: scalars, start..<end)
        return (starts, starts.lastIndex { $0 <= cursor } ?? 0)
    }

    /// Returns the place a character before or after the cursor; over a line end too.
    private func neighbour(_ scalars: [UInt32], _ cursor: Int, _ step: Int) -> Int? {
        let (starts, index) = characters(scalars, cursor)
        if step < 0 {
            if cursor > starts[index] { return starts[index] }
            return index > 0 ? starts[index - 1] : cursor > 0 ? cursor - 1 : nil
        }
        if index + 1 < starts.count { return starts[index + 1] }
        return cursor < scalars.count ? cursor + 1 : nil
    }

    func move(by step: Int) -> fettle_key_result {
        let (scalars, cursor) = currentLine
        guard let place = neighbour(scalars, cursor, step) else { return FETTLE_KEY_ERROR }
        el_cursor(editor, Int32(place - cursor))
        return FETTLE_KEY_REFRESH
    }

    /// Deletes the character before or after the cursor.
    func delete(by step: Int) -> fettle_key_result {
        let (scalars, cursor) = currentLine
        guard let place = neighbour(scalars, cursor, step) else { return FETTLE_KEY_ERROR }
        el_cursor(editor, Int32(max(place, cursor) - cursor))
        el_deletestr(editor, Int32(abs(place - cursor)))
        return FETTLE_KEY_REFRESH
    }

    /// Moves to the start or end of the cursor's line.
    func moveToEdge(end: Bool) -> fettle_key_result {
        let (scalars, cursor) = currentLine
        let place =
            end
            ? scalars[cursor...].firstIndex(of: 0x0A) ?? scalars.count
            : (scalars[..<cursor].lastIndex(of: 0x0A) ?? -1) + 1
        el_cursor(editor, Int32(place - cursor))
        return FETTLE_KEY_REFRESH
    }

    /// Moves the cursor to the line above or below within the text, or recalls an older or newer one.
    func moveRow(by step: Int) -> fettle_key_result {
        let (scalars, cursor) = currentLine
        let newline: UInt32 = 0x0A
        let start = (scalars[..<cursor].lastIndex(of: newline) ?? -1) + 1
        let offset = cursor - start
        let target: Range<Int>
        if step < 0 {
            guard start > 0 else {
                if history.isAtOldest { adoptOlderHistory(waits: true) }
                return recall(history.older(than: String(scalars: scalars)))
            }
            let above = (scalars[..<(start - 1)].lastIndex(of: newline) ?? -1) + 1
            target = above..<(start - 1)
        } else {
            guard let end = scalars[cursor...].firstIndex(of: newline) else {
                return recall(history.newer())
            }
            target = (end + 1)..<(scalars[(end + 1)...].firstIndex(of: newline) ?? scalars.count)
        }
        let place = min(target.lowerBound + offset, target.upperBound)
        el_cursor(editor, Int32(place - cursor))
        return FETTLE_KEY_REFRESH
    }

    private func recall(_ line: String?) -> fettle_key_result {
        guard let line else { return FETTLE_KEY_ERROR }
        let scalars = shelf.shorten(line).unicodeScalars.map(\.value)
        setLine(scalars, cursor: scalars.count)
        return FETTLE_KEY_REFRESH
    }

    // MARK: - Completion

    /// So many rows of a list are shown in the smallest window, and so many stay free in others.
    private static let leastRows = 4

    /// Completes the word at the cursor as far as the candidates agree, else lists them.
    func completeWord() -> fettle_key_result {
        let (scalars, cursor) = currentLine
        let before = String(scalars: scalars[..<cursor])
        let text = before + String(scalars: scalars[cursor...])
        let candidates = configuration.complete(text, before.utf8.count)
        guard let first = candidates.first, let start = wordStart(first.start, in: before) else {
            return FETTLE_KEY_ERROR
        }
        let typed = String(before[start...])
        if candidates.count == 1 {
            return replace(typed, by: first.replacement + first.suffix)
        }
        let shared = CompletionList.commonPrefix(candidates.filter { $0.start == first.start })
        if shared.utf8.count > typed.utf8.count, shared != typed {
            return replace(typed, by: shared)
        }
        // The line comes back below the list, which is to stay in sight with it.
        let room = max(Self.leastRows, screen.rows - Self.leastRows)
        printBelow(CompletionList.rows(candidates, columns: screen.columns, limit: room))
        return FETTLE_KEY_NORMAL
    }

    /// Returns the index of a UTF-8 offset, or nil where it is not the start of a scalar before the
    /// cursor.
    private func wordStart(_ offset: Int, in text: String) -> String.Index? {
        guard offset >= 0, offset <= text.utf8.count else { return nil }
        let index = text.utf8.index(text.utf8.startIndex, offsetBy: offset)
        return index.samePosition(in: text.unicodeScalars)
    }

    private func replace(_ typed: String, by text: String) -> fettle_key_result {
        el_deletestr(editor, Int32(typed.unicodeScalars.count))
        _ = insert(text)
        return FETTLE_KEY_REFRESH
    }
}

/// libedit's wide interface with each variadic use as a typed function, which Swift can call.
#ifndef FETTLE_CEDITLINE_H
#define FETTLE_CEDITLINE_H

#include <histedit.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

/// A function that a key runs: takes the key, returns a `CC_…` code.
typedef unsigned char (*fettle_key_function)(EditLine *, wint_t);

/// A function that returns the prompt; the string must outlive the call.
typedef wchar_t *(*fettle_prompt_function)(EditLine *);

/// Creates an editor on standard input and output. libedit's complaints about an unknown terminal
/// type are dropped: the caller finds out by `fettle_el_has_capability`.
EditLine *fettle_el_create(const char *program);

/// The values of `CC_…` that key functions return, as a type Swift can see.
enum fettle_key_result {
    FETTLE_KEY_NORMAL = CC_NORM,
    FETTLE_KEY_END_OF_FILE = CC_EOF,
    FETTLE_KEY_REFRESH = CC_REFRESH,
    FETTLE_KEY_ERROR = CC_ERROR,
};

static inline int fettle_el_set_client_data(EditLine *editor, void *data) {
    return el_wset(editor, EL_CLIENTDATA, data);
}

static inline void *fettle_el_client_data(EditLine *editor) {
    void *data = NULL;
    return el_wget(editor, EL_CLIENTDATA, &data) == 0 ? data : NULL;
}

/// Keeps libedit from drawing: its keys still change the text, and its bell is still heard.
bool fettle_el_mute(EditLine *editor);

/// Sets the prompt function.
static inline int fettle_el_set_prompt(EditLine *editor, fettle_prompt_function prompt) {
    return el_wset(editor, EL_PROMPT, prompt);
}

static inline int fettle_el_set_read_function(EditLine *editor, el_rfunc_t function) {
    return el_wset(editor, EL_GETCFN, function);
}

/// Sets the key map: "emacs" or "vi". Drops all bindings made before.
static inline int fettle_el_set_editor(EditLine *editor, const wchar_t *name) {
    return el_wset(editor, EL_EDITOR, name);
}

/// With false, libedit installs no signal handlers.
static inline int fettle_el_set_signals(EditLine *editor, bool on) {
    return el_wset(editor, EL_SIGNAL, on ? 1 : 0);
}

static inline int fettle_el_set_history(EditLine *editor, HistoryW *history) {
    return el_wset(editor, EL_HIST, history_w, history);
}

/// Names a key function. libedit keeps pointers to names, so a copy of `name` is never freed.
int fettle_el_add_function(EditLine *editor, const wchar_t *name, fettle_key_function function);

/// Binds a key sequence (`^C`, `\e[A`) to a function by name; both are copied.
static inline int fettle_el_bind(
    EditLine *editor, const wchar_t *keys, const wchar_t *function) {
    return el_wset(editor, EL_BIND, keys, function, (wchar_t *)NULL);
}

/// Changes one flag of one of libedit's terminal modes: "-d" while editing, "-x" between lines.
static inline int fettle_el_set_tty(
    EditLine *editor, const wchar_t *mode, const wchar_t *flag) {
    return el_wset(editor, EL_SETTY, mode, flag, (wchar_t *)NULL);
}

/// Enters (true) or leaves libedit's editing mode of the terminal.
static inline int fettle_el_prepare_terminal(EditLine *editor, bool on) {
    return el_wset(editor, EL_PREP_TERM, on ? 1 : 0);
}

/// Draws prompt and line anew from the row and column 0 where the cursor stands.
static inline int fettle_el_refresh(EditLine *editor) {
    return el_wset(editor, EL_REFRESH);
}

/// Returns whether the terminal has a string capability, such as "ce" (clear to end of line).
static inline bool fettle_el_has_capability(EditLine *editor, const char *name) {
    char *value = NULL;
    return el_wget(editor, EL_GETTC, name, &value, (void *)NULL) == 0 && value != NULL
        && value[0] != '\0';
}

static inline int fettle_history_set_size(HistoryW *history, int size) {
    HistEventW event;
    return history_w(history, &event, H_SETSIZE, size);
}

static inline int fettle_history_enter(HistoryW *history, const wchar_t *line) {
    HistEventW event;
    return history_w(history, &event, H_ENTER, line);
}

/// With true, a line equal to the one before it is not kept.
static inline int fettle_history_set_unique(HistoryW *history, bool on) {
    HistEventW event;
    return history_w(history, &event, H_SETUNIQUE, on ? 1 : 0);
}

#endif

/// The terminal side of the shell: locale, modes, signals, children, pseudo-terminals.
///
/// Every function is safe to call from any thread unless it says otherwise. File descriptors that
/// these functions open are closed on exec. Functions that return `int` return -1 with `errno` set
/// on failure, unless they say otherwise.
#ifndef FETTLE_CTERMINAL_H
#define FETTLE_CTERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: - Locale

/// Sets LC_CTYPE from the environment, or C.UTF-8 where that is not a UTF-8 locale, so that
/// `LC_ALL=C` still takes every character. Other categories stay "C": a decimal comma must not
/// reach number parsing. Does nothing the second time. Returns whether it is UTF-8 now.
bool fettle_set_up_locale(void);

// MARK: - Text

/// Returns the offset of the first place of some bytes in a text, or -1.
ssize_t fettle_find_bytes(const void *text, size_t size, const void *wanted, size_t wanted_size);

// MARK: - Terminal modes

/// Returns whether a descriptor is a terminal.
bool fettle_is_terminal(int descriptor);

/// Reads the size of the terminal behind a descriptor in character cells.
int fettle_window_size(int descriptor, int *columns, int *rows);

/// Returns how many bytes can be read from a terminal without waiting.
int fettle_pending_bytes(int descriptor);

/// The terminal modes between which a shell switches.
enum fettle_terminal_mode {
    /// As the program found it: for foreground children, suspension and exit.
    FETTLE_TERMINAL_ORIGINAL = 0,
    /// While a command runs: -icanon -echo +isig. Type-ahead is kept whole and not echoed into
    /// the output, and Ctrl-C raises SIGINT.
    FETTLE_TERMINAL_BUSY = 1,
};

/// Remembers the terminal's present modes as the original ones and arranges that they come back
/// at exit and on a fatal signal. Does nothing the second time. Fails where the descriptor is no
/// terminal; `fettle_terminal_enter` then does nothing.
int fettle_terminal_save(int descriptor);

/// Switches the saved terminal to a mode without dropping pending input. Does nothing from the
/// background, where it would disturb another program's modes.
int fettle_terminal_enter(enum fettle_terminal_mode mode);

/// Switches to the mode entered last again, for use after SIGCONT: the parent shell does not keep
/// a stopped job's modes.
int fettle_terminal_reenter(void);

/// Puts the original modes back and turns bracketed paste off. Async-signal-safe.
void fettle_terminal_restore(void);

/// Says whether bracketed paste is on, so that `fettle_terminal_restore` turns it off.
void fettle_terminal_note_paste_mode(bool on);

// MARK: - Signals

/// Installs handlers for SIGINT, SIGWINCH, SIGCONT, SIGHUP and SIGTERM that write the signal's
/// number as one byte to a pipe, and returns the pipe's read end (blocking). Further calls return
/// the same descriptor. Handlers, unlike ignored signals, are not inherited by children. A stop by
/// SIGTSTP gives the terminal its original modes first.
int fettle_signals_open(void);

/// Ignores SIGINT, or handles it as before: while a child has the terminal that makes its own use of
/// Ctrl-C, which the kernel sends to the whole group. Children do not inherit it.
void fettle_ignore_interrupts(bool on);

/// Stops the process group as Ctrl-Z does and returns true once it was continued, or false after
/// 200 ms where nothing stops (an orphaned group). Needs `fettle_signals_open`.
bool fettle_suspend(void);

/// Gives a signal its default action and raises it: how a program ends by a signal.
/// Async-signal-safe.
void fettle_die_of_signal(int signal);

// MARK: - Waking a thread

/// Creates an eventfd that stays readable from a post until a drain.
int fettle_event_create(void);

/// Makes an eventfd readable. Async-signal-safe.
void fettle_event_post(int descriptor);

/// Makes an eventfd unreadable until the next post; does not block.
void fettle_event_drain(int descriptor);

/// What `fettle_wait_readable` found.
enum fettle_readable {
    FETTLE_READABLE_FIRST = 1,
    FETTLE_READABLE_SECOND = 2,
};

/// Waits until one of two descriptors can be read (either may be -1) and returns a set of
/// `fettle_readable` bits; 0 after `milliseconds` (-1 waits for ever). Resumes when interrupted.
int fettle_wait_readable(int first, int second, int milliseconds);

// MARK: - Children

/// Opens a pipe whose two ends are closed on exec. `ends[0]` reads, `ends[1]` writes.
int fettle_pipe(int ends[2]);

/// Starts `/bin/sh -c command` in the caller's own process group, with default signal actions and
/// an empty mask, so that Ctrl-C reaches it and it may read the terminal.
///
/// - For `!cmd`: pass -1 for both descriptors (the child has the shell's own), call
///   `fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)` before and `FETTLE_TERMINAL_BUSY` after it.
/// - For `rows | !cmd`: open a `fettle_pipe`, pass its read end as `stdin_fd`, close that end here,
///   write the rows to the other end (SIGPIPE ignored or `MSG_NOSIGNAL` semantics are the caller's:
///   `fettle_write_all` does it), close it, then wait.
/// - To capture what it prints, pass a pipe's write end as `stdout_fd`.
///
/// The descriptors passed stay open in the caller. Returns the child's process id, or -1.
pid_t fettle_spawn_shell(const char *command, int stdin_fd, int stdout_fd);

/// Starts a program with an argument vector, found along PATH; otherwise like `fettle_spawn_shell`.
/// `arguments` ends with a null pointer.
pid_t fettle_spawn(char *const arguments[], int stdin_fd, int stdout_fd);

/// Waits for a child and returns its exit status, 128 + N where signal N ended it, or -1. Blocks:
/// call it on a thread of its own, never on the cooperative pool.
int fettle_wait_child(pid_t child);

/// Returns the child's status as `fettle_wait_child` does where it has ended, or -2 at once where
/// it still runs.
int fettle_poll_child(pid_t child);

/// Writes all bytes to a descriptor. A reader that went away is errno EPIPE, never SIGPIPE.
int fettle_write_all(int descriptor, const void *bytes, size_t count);

/// Creates a file that only the user can read, closed on exec, and returns its descriptor. The last
/// six characters of `path` before a suffix of `suffix` bytes must be `XXXXXX`; they are replaced.
int fettle_open_temporary(char *path, int suffix);

// MARK: - Pseudo-terminals, for tests

/// Starts a program in a session of its own on a new pseudo-terminal of the given size. Its
/// environment is exactly `environment`; both vectors end with a null pointer. Stores the master
/// side (non-blocking) in `master` and returns the process id, or -1.
pid_t fettle_pty_spawn(
    const char *path, char *const arguments[], char *const environment[], int columns, int rows,
    int *master);

/// Changes a pseudo-terminal's size; the program in it gets SIGWINCH.
int fettle_pty_resize(int master, int columns, int rows);

#endif

#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int fettle_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// Children start as from a fresh shell: no handler, nothing ignored, nothing blocked.
static int default_signals(posix_spawnattr_t *attributes, short flags) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error != 0) return error;
    return posix_spawnattr_setflags(
        attributes, (short)(flags | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
}

static pid_t spawn_found(
    const char *file, bool search, char *const arguments[], int stdin_fd, int stdout_fd) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = default_signals(&attributes, 0);
    if (error == 0 && stdin_fd >= 0) {
        error = posix_spawn_file_actions_adddup2(&actions, stdin_fd, STDIN_FILENO);
    }
    if (error == 0 && stdout_fd >= 0) {
        error = posix_spawn_file_actions_adddup2(&actions, stdout_fd, STDOUT_FILENO);
    }
    pid_t child = -1;
    if (error == 0) {
        error = (search ? posix_spawnp : posix_spawn)(
            &child, file, &actions, &attributes, arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) return child;
    errno = error;
    return -1;
}

pid_t fettle_spawn_shell(const char *command, int stdin_fd, int stdout_fd) {
    char *arguments[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
    return spawn_found("/bin/sh", false, arguments, stdin_fd, stdout_fd);
}

pid_t fettle_spawn(char *const arguments[], int stdin_fd, int stdout_fd) {
    return spawn_found(arguments[0], true, arguments, stdin_fd, stdout_fd);
}

static int exit_status(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int fettle_wait_child(pid_t child) {
    int status;
    for (;;) {
        if (waitpid(child, &status, 0) == child) return exit_status(status);
        if (errno != EINTR) return -1;
    }
}

int fettle_poll_child(pid_t child) {
    int status;
    pid_t got = waitpid(child, &status, WNOHANG);
    if (got == 0) return -2;
    return got == child ? exit_status(status) : -1;
}

// SIGPIPE is blocked for this thread only and taken off it again: ignoring it would be inherited by
// children, which expect to die of it.
int fettle_write_all(int descriptor, const void *bytes, size_t count) {
    sigset_t broken, before, pending;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    const char *next = bytes;
    int error = 0;
    while (count > 0) {
        ssize_t written = write(descriptor, next, count);
        if (written >= 0) {
            next += written;
            count -= (size_t)written;
        } else if (errno != EINTR) {
            error = errno;
            break;
        }
    }
    if (error == EPIPE && !was_pending) {
        struct timespec none = {0, 0};
        while (sigtimedwait(&broken, NULL, &none) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int fettle_open_temporary(char *path, int suffix) { return mkostemps(path, suffix, O_CLOEXEC); }

int fettle_pty_resize(int master, int columns, int rows) {
    struct winsize size = {0};
    size.ws_col = (unsigned short)columns;
    size.ws_row = (unsigned short)rows;
    return ioctl(master, TIOCSWINSZ, &size);
}

pid_t fettle_pty_spawn(
    const char *path, char *const arguments[], char *const environment[], int columns, int rows,
    int *master) {
    char name[64];
    int side = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (side < 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = grantpt(side) != 0 || unlockpt(side) != 0 ? errno : 0;
    if (error == 0) error = ptsname_r(side, name, sizeof name);
    if (error == 0 && fettle_pty_resize(side, columns, rows) != 0) error = errno;
    if (error == 0) error = default_signals(&attributes, POSIX_SPAWN_SETSID);
    // The first terminal that a session leader opens becomes its controlling terminal.
    if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, 0, 1);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, 0, 2);
    pid_t child = -1;
    if (error == 0) {
        error = posix_spawn(&child, path, &actions, &attributes, arguments, environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) {
        *master = side;
        return child;
    }
    close(side);
    errno = error;
    return -1;
}

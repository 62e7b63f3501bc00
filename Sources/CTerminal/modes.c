#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct termios original;
static struct termios busy;
static enum fettle_terminal_mode current = FETTLE_TERMINAL_ORIGINAL;
// -1 until `original` is whole: signal handlers read it.
static atomic_int saved_descriptor = -1;
static atomic_bool paste_mode = false;

static const int fatal_signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP};
enum { fatal_count = sizeof fatal_signals / sizeof fatal_signals[0] };
static struct sigaction previous_actions[fatal_count];

bool fettle_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int fettle_window_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int fettle_pending_bytes(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

void fettle_terminal_note_paste_mode(bool on) { atomic_store(&paste_mode, on); }

// Blocking SIGTTOU lets a background process change modes instead of being stopped by the attempt.
static int apply(int descriptor, const struct termios *modes) {
    sigset_t ttou, before;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &ttou, &before);
    int result;
    do {
        result = tcsetattr(descriptor, TCSADRAIN, modes);
    } while (result != 0 && errno == EINTR);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return result;
}

void fettle_terminal_restore(void) {
    int descriptor = atomic_load(&saved_descriptor);
    if (descriptor < 0 || tcgetpgrp(descriptor) != getpgrp()) return;
    if (atomic_exchange(&paste_mode, false)) {
        static const char off[] = "\033[?2004l";
        ssize_t written = write(descriptor, off, sizeof off - 1);
        (void)written;
    }
    apply(descriptor, &original);
}

// Hands the signal on to whoever handled it before (Swift's backtracer, or the default action): a
// fault happens again on return, a sent signal has to be raised again.
static void on_fatal_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    fettle_terminal_restore();
    for (int index = 0; index < fatal_count; index++) {
        if (fatal_signals[index] == number) sigaction(number, &previous_actions[index], NULL);
    }
    if (info->si_code <= 0 || number == SIGQUIT) raise(number);
    errno = error;
}

static void watch_fatal_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < fatal_count; index++) {
        sigaction(fatal_signals[index], &action, &previous_actions[index]);
    }
}

int fettle_terminal_save(int descriptor) {
    pthread_mutex_lock(&lock);
    int result = 0;
    if (atomic_load(&saved_descriptor) < 0) {
        result = tcgetattr(descriptor, &original);
        if (result == 0) {
            busy = original;
            busy.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
            busy.c_lflag |= ISIG;
            busy.c_cc[VMIN] = 1;
            busy.c_cc[VTIME] = 0;
            atomic_store(&saved_descriptor, descriptor);
            watch_fatal_signals();
            atexit(fettle_terminal_restore);
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int enter_locked(void) {
    int descriptor = atomic_load(&saved_descriptor);
    if (descriptor < 0 || tcgetpgrp(descriptor) != getpgrp()) return 0;
    return apply(descriptor, current == FETTLE_TERMINAL_BUSY ? &busy : &original);
}

int fettle_terminal_enter(enum fettle_terminal_mode mode) {
    pthread_mutex_lock(&lock);
    current = mode;
    int result = enter_locked();
    pthread_mutex_unlock(&lock);
    return result;
}

int fettle_terminal_reenter(void) {
    pthread_mutex_lock(&lock);
    int result = enter_locked();
    pthread_mutex_unlock(&lock);
    return result;
}

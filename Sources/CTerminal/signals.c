#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int signal_pipe[2] = {-1, -1};
static atomic_uint continued = 0;

static void tell_reader(int number) {
    unsigned char byte = (unsigned char)number;
    // A full pipe means that the reader has plenty to wake for.
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
}

static void on_signal(int number) {
    int error = errno;
    if (number == SIGCONT) atomic_fetch_add(&continued, 1);
    tell_reader(number);
    errno = error;
}

// Not every parent shell puts the terminal's modes right when a job stops.
static void on_stop(int number) {
    int error = errno;
    unsigned before = atomic_load(&continued);
    fettle_terminal_restore();
    struct sigaction own;
    sigaction(number, NULL, &own);
    fettle_die_of_signal(number);
    sigaction(number, &own, NULL);
    // Nothing stopped (an orphaned group), so nothing will continue either.
    if (atomic_load(&continued) == before) tell_reader(SIGCONT);
    errno = error;
}

int fettle_signals_open(void) {
    pthread_mutex_lock(&lock);
    if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_CLOEXEC) == 0) {
        fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
        static const int watched[] = {SIGINT, SIGWINCH, SIGCONT, SIGHUP, SIGTERM};
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART | SA_ONSTACK;
        sigemptyset(&action.sa_mask);
        for (size_t index = 0; index < sizeof watched / sizeof watched[0]; index++) {
            sigaction(watched[index], &action, NULL);
        }
        action.sa_handler = on_stop;
        sigaction(SIGTSTP, &action, NULL);
    }
    int descriptor = signal_pipe[0];
    pthread_mutex_unlock(&lock);
    return descriptor;
}

void fettle_ignore_interrupts(bool on) {
    static struct sigaction before;
    pthread_mutex_lock(&lock);
    static bool ignores = false;
    if (on && !ignores) {
        struct sigaction ignored;
        memset(&ignored, 0, sizeof ignored);
        ignored.sa_handler = SIG_IGN;
        sigemptyset(&ignored.sa_mask);
        sigaction(SIGINT, &ignored, &before);
    } else if (!on && ignores) {
        sigaction(SIGINT, &before, NULL);
    }
    ignores = on;
    pthread_mutex_unlock(&lock);
}

// The stop reaches this thread a moment after kill() returns where another thread took the signal,
// so the caller must not go on before SIGCONT was seen.
bool fettle_suspend(void) {
    unsigned before = atomic_load(&continued);
    if (kill(0, SIGTSTP) != 0) return false;
    for (int turn = 0; turn < 40 && atomic_load(&continued) == before; turn++) {
        struct timespec pause = {0, 5 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }
    return atomic_load(&continued) != before;
}

void fettle_die_of_signal(int number) {
    fettle_terminal_restore();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(number);
}

int fettle_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void fettle_event_post(int descriptor) {
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

void fettle_event_drain(int descriptor) {
    uint64_t count;
    ssize_t got = read(descriptor, &count, sizeof count);
    (void)got;
}

int fettle_wait_readable(int first, int second, int milliseconds) {
    struct pollfd watched[2] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
    int count;
    do {
        count = poll(watched, 2, milliseconds);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return -1;
    int found = 0;
    if (watched[0].revents != 0) found |= FETTLE_READABLE_FIRST;
    if (watched[1].revents != 0) found |= FETTLE_READABLE_SECOND;
    return found;
}

#include "include/StoredRows.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/// Turns of a waiting loop before a thread gives its turn away, and before it sleeps: about 20 µs and 1 ms.
enum { busy_turns = 2000, patient_turns = 3000 };

typedef struct {
    fettle_team *team;
    pthread_t thread;
} member;

/// A round's number, its pieces, and the next of them to be taken: one word, so that a helper that comes
/// late to a round takes nothing of the one after it.
typedef unsigned long long ticket;
enum { piece_bits = 16, piece_mask = (1 << piece_bits) - 1 };

static inline unsigned next_piece(ticket value) { return value & piece_mask; }
static inline unsigned pieces(ticket value) { return value >> piece_bits & piece_mask; }
static inline unsigned round_of(ticket value) { return (unsigned)(value >> 2 * piece_bits); }

struct fettle_team {
    int count;
    member *members;
    void (*work)(void *, int);
    void *context;
    _Atomic ticket current;
    atomic_uint finished;
    atomic_int ending;
    atomic_int sleeping;
    pthread_mutex_t mutex;
    pthread_cond_t woken;
};

static inline void pause_briefly(int turn) {
    if (turn > busy_turns) {
        sched_yield();
        return;
    }
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Does pieces of the current round until none is left to take.
static void take_pieces(fettle_team *team) {
    ticket value = atomic_load_explicit(&team->current, memory_order_acquire);
    while (next_piece(value) < pieces(value)) {
        if (!atomic_compare_exchange_weak_explicit(&team->current, &value, value + 1,
                                                   memory_order_acq_rel, memory_order_acquire))
            continue;
        team->work(team->context, (int)next_piece(value));
        atomic_fetch_add_explicit(&team->finished, 1, memory_order_acq_rel);
        value = atomic_load_explicit(&team->current, memory_order_acquire);
    }
}

static void *take_part(void *argument) {
    fettle_team *team = ((member *)argument)->team;
    unsigned seen = 0;
    while (!atomic_load_explicit(&team->ending, memory_order_acquire)) {
        int turn = 0;
        while (round_of(atomic_load_explicit(&team->current, memory_order_acquire)) == seen) {
            if (turn++ < patient_turns) {
                pause_briefly(turn);
                continue;
            }
            pthread_mutex_lock(&team->mutex);
            atomic_fetch_add(&team->sleeping, 1);
            while (round_of(atomic_load(&team->current)) == seen)
                pthread_cond_wait(&team->woken, &team->mutex);
            atomic_fetch_sub(&team->sleeping, 1);
            pthread_mutex_unlock(&team->mutex);
        }
        seen = round_of(atomic_load_explicit(&team->current, memory_order_acquire));
        take_pieces(team);
    }
    return NULL;
}

/// Begins a round of so many pieces.
static void call(fettle_team *team, unsigned count) {
    ticket round = round_of(atomic_load(&team->current)) + 1u;
    atomic_store(&team->finished, 0);
    atomic_store(&team->current, round << 2 * piece_bits | (ticket)count << piece_bits);
    if (!atomic_load(&team->sleeping)) return;
    pthread_mutex_lock(&team->mutex);
    pthread_cond_broadcast(&team->woken);
    pthread_mutex_unlock(&team->mutex);
}

fettle_team *fettle_team_start(int threads) {
    fettle_team *team = calloc(1, sizeof *team);
    if (!team) return NULL;
    team->count = 1;
    team->members = calloc((size_t)(threads > 1 ? threads : 1), sizeof *team->members);
    if (!team->members) {
        free(team);
        return NULL;
    }
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->woken, NULL);
    for (int number = 1; number < threads; number++) {
        member *one = &team->members[number];
        one->team = team;
        // Fewer helpers than asked for do the work too.
        if (pthread_create(&one->thread, NULL, take_part, one)) break;
        team->count++;
    }
    return team;
}

void fettle_team_end(fettle_team *team) {
    if (!team) return;
    atomic_store(&team->ending, 1);
    call(team, 0);
    for (int number = 1; number < team->count; number++)
        pthread_join(team->members[number].thread, NULL);
    pthread_mutex_destroy(&team->mutex);
    pthread_cond_destroy(&team->woken);
    free(team->members);
    free(team);
}

int fettle_team_count(const fettle_team *team) { return team->count; }

void fettle_team_run(fettle_team *team, int count, void (*work)(void *, int), void *context) {
    if (team->count == 1) {
        for (int piece = 0; piece < count; piece++) work(context, piece);
        return;
    }
    team->work = work;
    team->context = context;
    call(team, (unsigned)count);
    take_pieces(team);
    for (int turn = 0; atomic_load_explicit(&team->finished, memory_order_acquire) < (unsigned)count;
         turn++)
        pause_briefly(turn < busy_turns ? turn : busy_turns + 1);
}

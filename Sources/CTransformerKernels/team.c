#include "include/StoredRows.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/// Turns of a waiting loop before a thread gives its turn away, and before it sleeps: about 20 µs and 1 ms.
enum { busy_turns = 2000, patient_turns = 3000 };

typedef struct {
    fettle_team *team;
    int number;
    pthread_t thread;
} member;

struct fettle_team {
    int count;
    member *members;
    void (*work)(void *, int);
    void *context;
    atomic_uint round;
    atomic_int running;
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

static void *take_part(void *argument) {
    member *self = argument;
    fettle_team *team = self->team;
    unsigned seen = 0;
    for (;;) {
        int turn = 0;
        while (atomic_load_explicit(&team->round, memory_order_acquire) == seen) {
            if (turn++ < patient_turns) {
                pause_briefly(turn);
                continue;
            }
            pthread_mutex_lock(&team->mutex);
            atomic_fetch_add(&team->sleeping, 1);
            while (atomic_load(&team->round) == seen)
                pthread_cond_wait(&team->woken, &team->mutex);
            atomic_fetch_sub(&team->sleeping, 1);
            pthread_mutex_unlock(&team->mutex);
        }
        seen++;
        if (atomic_load_explicit(&team->ending, memory_order_acquire)) return NULL;
        team->work(team->context, self->number);
        atomic_fetch_sub_explicit(&team->running, 1, memory_order_acq_rel);
    }
}

static void call(fettle_team *team) {
    atomic_fetch_add(&team->round, 1);
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
        one->number = number;
        // Fewer helpers than asked for do the work too.
        if (pthread_create(&one->thread, NULL, take_part, one)) break;
        team->count++;
    }
    return team;
}

void fettle_team_end(fettle_team *team) {
    if (!team) return;
    atomic_store(&team->ending, 1);
    call(team);
    for (int number = 1; number < team->count; number++)
        pthread_join(team->members[number].thread, NULL);
    pthread_mutex_destroy(&team->mutex);
    pthread_cond_destroy(&team->woken);
    free(team->members);
    free(team);
}

int fettle_team_count(const fettle_team *team) { return team->count; }

void fettle_team_run(fettle_team *team, void (*work)(void *, int), void *context) {
    if (team->count > 1) {
        team->work = work;
        team->context = context;
        atomic_store(&team->running, team->count - 1);
        call(team);
    }
    work(context, 0);
    for (int turn = 0; atomic_load_explicit(&team->running, memory_order_acquire) > 0; turn++)
        pause_briefly(turn < busy_turns + 1 ? turn : busy_turns + 1);
}

#define _GNU_SOURCE
#include "CMappedFile.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { most_mappings = 1024 };

/// A guarded mapping; `end` is 0 while the place is free. The handler reads it without a lock, so the
/// start is written before the end and the end cleared first.
struct mapping {
    atomic_uintptr_t start;
    atomic_uintptr_t end;
    /// The file, held open so that it is known again under whatever name; -1 where there were too many.
    int file;
    off_t size;
    struct timespec changed;
};

static struct mapping mappings[most_mappings];
static atomic_long faults;
static uintptr_t page_size;
static struct sigaction previous_action;
static pthread_once_t installed = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int is_guarded(uintptr_t address)
{
    for (int index = 0; index < most_mappings; index++) {
        uintptr_t end = atomic_load(&mappings[index].end);
        if (end != 0 && address < end && address >= atomic_load(&mappings[index].start)) return 1;
    }
    return 0;
}

static void on_bus_error(int number, siginfo_t *info, void *context)
{
    (void)context;
    uintptr_t page = (uintptr_t)info->si_addr & ~(page_size - 1);
    if (info->si_code == BUS_ADRERR && is_guarded((uintptr_t)info->si_addr)) {
        void *zeros = mmap(
            (void *)page, page_size, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (zeros != MAP_FAILED) {
            atomic_fetch_add(&faults, 1);
            return;
        }
    }
    // Not ours: the access is repeated under the action that was there before.
    sigaction(number, &previous_action, NULL);
}

static void install(void)
{
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {0};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous_action);
}

/// Keeps size and time of change; the time of change grows with each write, and nobody can set it.
static void note_state(struct mapping *mapping)
{
    struct stat status;
    if (mapping->file < 0 || fstat(mapping->file, &status) != 0) return;
    mapping->size = status.st_size;
    mapping->changed = status.st_ctim;
}

static struct mapping *mapping_at(const void *address)
{
    for (int index = 0; index < most_mappings; index++) {
        if (atomic_load(&mappings[index].end) == 0) continue;
        if (atomic_load(&mappings[index].start) == (uintptr_t)address) return &mappings[index];
    }
    return NULL;
}

int fettle_mapping_changed(const void *address)
{
    pthread_mutex_lock(&lock);
    struct mapping *mapping = mapping_at(address);
    struct stat status;
    int changed = mapping && mapping->file >= 0 && fstat(mapping->file, &status) == 0
        && (status.st_size != mapping->size || status.st_ctim.tv_sec != mapping->changed.tv_sec
            || status.st_ctim.tv_nsec != mapping->changed.tv_nsec);
    pthread_mutex_unlock(&lock);
    return changed;
}

void fettle_mapping_accept(const void *address)
{
    pthread_mutex_lock(&lock);
    struct mapping *mapping = mapping_at(address);
    if (mapping) note_state(mapping);
    pthread_mutex_unlock(&lock);
}

void *fettle_map_file(int descriptor, size_t count)
{
    pthread_once(&installed, install);
    void *address = mmap(NULL, count, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address == MAP_FAILED) return NULL;
    madvise(address, count, MADV_SEQUENTIAL);
    pthread_mutex_lock(&lock);
    for (int index = 0; index < most_mappings; index++) {
        if (atomic_load(&mappings[index].end) != 0) continue;
        mappings[index].file = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
        note_state(&mappings[index]);
        atomic_store(&mappings[index].start, (uintptr_t)address);
        atomic_store(&mappings[index].end, (uintptr_t)address + count);
        break;
    }
    pthread_mutex_unlock(&lock);
    return address;
}

void fettle_unmap(void *address, size_t count)
{
    pthread_mutex_lock(&lock);
    for (int index = 0; index < most_mappings; index++) {
        if (atomic_load(&mappings[index].start) != (uintptr_t)address) continue;
        atomic_store(&mappings[index].end, 0);
        atomic_store(&mappings[index].start, 0);
        if (mappings[index].file >= 0) close(mappings[index].file);
    }
    pthread_mutex_unlock(&lock);
    munmap(address, count);
}

long fettle_mapping_faults(void)
{
    return atomic_load(&faults);
}

void fettle_give_back_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

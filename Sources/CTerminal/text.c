#define _GNU_SOURCE
#include "CTerminal.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>

static bool is_utf8(void) {
    const char *codeset = nl_langinfo(CODESET);
    return codeset != NULL && strcmp(codeset, "UTF-8") == 0;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) {
    if (setlocale(LC_CTYPE, "") == NULL || !is_utf8()) setlocale(LC_CTYPE, "C.UTF-8");
}

bool fettle_set_up_locale(void) {
    pthread_once(&once, set_up);
    return is_utf8();
}

ssize_t fettle_find_bytes(const void *text, size_t size, const void *wanted, size_t wanted_size) {
    const char *found = memmem(text, size, wanted, wanted_size);
    return found == NULL ? -1 : found - (const char *)text;
}

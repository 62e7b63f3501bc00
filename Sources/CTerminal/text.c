#define _GNU_SOURCE
#include "CTerminal.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

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

int fettle_character_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool fettle_character_is_printable(uint32_t scalar) { return iswprint((wint_t)scalar) != 0; }

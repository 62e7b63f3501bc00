#define _GNU_SOURCE
#include "CEditLine.h"

#include <string.h>
#include <unistd.h>

EditLine *fettle_el_create(const char *program) {
    FILE *nowhere = fopen("/dev/null", "we");
    EditLine *editor = el_init(program, stdin, stdout, nowhere != NULL ? nowhere : stderr);
    if (nowhere != NULL) {
        if (editor != NULL) el_set(editor, EL_SETFP, 2, stderr);
        fclose(nowhere);
    }
    return editor;
}

int fettle_el_add_function(EditLine *editor, const wchar_t *name, fettle_key_function function) {
    wchar_t *kept = wcsdup(name);
    return kept == NULL ? -1 : el_wset(editor, EL_ADDFN, kept, kept, function);
}

// Of what libedit would write only the bell is for the user.
static ssize_t pass_bells(void *cookie, const char *bytes, size_t count) {
    (void)cookie;
    if (memchr(bytes, '\a', count) != NULL) {
        ssize_t written = write(STDOUT_FILENO, "\a", 1);
        (void)written;
    }
    return (ssize_t)count;
}

bool fettle_el_mute(EditLine *editor) {
    static FILE *muted;
    cookie_io_functions_t functions = {.write = pass_bells};
    if (muted == NULL) muted = fopencookie(NULL, "w", functions);
    return muted != NULL && el_set(editor, EL_SETFP, 1, muted) == 0;
}

#define _GNU_SOURCE
#include "CEditLine.h"

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

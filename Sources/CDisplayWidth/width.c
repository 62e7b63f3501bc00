#include "CDisplayWidth.h"

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>
#include <wctype.h>

struct range {
    uint32_t first;
    uint32_t last;
};

#include "width_table.h"

static bool contains(const struct range *table, size_t count, uint32_t value) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (value < table[middle].first) {
            high = middle;
        } else if (value > table[middle].last) {
            low = middle + 1;
        } else {
            return true;
        }
    }
    return false;
}

int fettle_scalar_width(uint32_t scalar) {
    if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0)) return -1;
    if (scalar < 0x300) return 1;
    if (scalar >= 0x1F1E6 && scalar <= 0x1F1FF) return 2;
    if (contains(zero_width, sizeof zero_width / sizeof zero_width[0], scalar)) return 0;
    return contains(wide, sizeof wide / sizeof wide[0], scalar) ? 2 : 1;
}

// libedit asks these two. The C library's own table is older than the emoji people type; and what
// takes no column must count as not printable, or libedit writes it into a cell of its own.

int wcwidth(wchar_t character) {
    return character == 0 ? 0 : fettle_scalar_width((uint32_t)character);
}

int iswprint(wint_t character) {
    return character <= 0x10FFFF && fettle_scalar_width((uint32_t)character) > 0;
}

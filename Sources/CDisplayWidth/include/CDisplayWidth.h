/// How many columns a Unicode scalar takes on a terminal: one table for everything that draws.
///
/// The target also defines `wcwidth` and `iswprint`, which libedit calls: whatever program links it
/// makes libedit count by the same table.
#ifndef FETTLE_CDISPLAYWIDTH_H
#define FETTLE_CDISPLAYWIDTH_H

#include <stdint.h>

/// Returns the columns of a Unicode scalar drawn by itself: 0, 1 or 2; -1 for a control character.
///
/// Combining marks, joiners and variation selectors take none. The letters of a flag take 2, as
/// terminals draw the pair in two columns.
int fettle_scalar_width(uint32_t scalar);

#endif

#include "table.h"

#define WIDTH 4
#define KERNEL(name) portable_##name
#include "kernels.inc.h"

const fettle_kernels *fettle_kernels_portable(void) { return &portable_table; }

#include "table.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(256))), apply_to = function)
#define WIDTH 8
#define KERNEL(name) avx2_##name
#include "kernels.inc.h"
#pragma clang attribute pop
#pragma clang attribute pop

const fettle_kernels *fettle_kernels_avx2(void) { return &avx2_table; }

#else

const fettle_kernels *fettle_kernels_avx2(void) { return NULL; }

#endif

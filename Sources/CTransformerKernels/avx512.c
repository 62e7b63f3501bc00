#include "table.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#define WIDTH 16
#define KERNEL(name) avx512_##name
#include "kernels.inc.h"
#pragma clang attribute pop
#pragma clang attribute pop

const fettle_kernels *fettle_kernels_avx512(void) { return &avx512_table; }

#else

const fettle_kernels *fettle_kernels_avx512(void) { return NULL; }

#endif

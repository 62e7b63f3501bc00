// Compiled once for each width of vectors; KERNEL(name) names the version, WIDTH counts its floats.

#include <math.h>
#include <string.h>

#include "include/CTransformerKernels.h"
#include "include/StoredRows.h"

typedef float vf __attribute__((vector_size(4 * WIDTH)));
typedef int32_t vi __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t vu __attribute__((vector_size(4 * WIDTH)));
typedef uint16_t vh __attribute__((vector_size(2 * WIDTH)));

#define INLINE static inline __attribute__((always_inline))

INLINE vf load(const float *x) {
    vf v;
    memcpy(&v, x, sizeof v);
    return v;
}

INLINE void store(float *x, vf v) { memcpy(x, &v, sizeof v); }

INLINE vf splat(float x) { return x - (vf){}; }

INLINE vf load_some(const float *x, size_t count) {
#if WIDTH == 16
    return _mm512_maskz_loadu_ps((__mmask16)_bzhi_u32(0xFFFF, (unsigned)count), x);
#else
    vf v = {};
    memcpy(&v, x, count * sizeof(float));
    return v;
#endif
}

INLINE void store_some(float *x, vf v, size_t count) {
#if WIDTH == 16
    _mm512_mask_storeu_ps(x, (__mmask16)_bzhi_u32(0xFFFF, (unsigned)count), v);
#else
    memcpy(x, &v, count * sizeof(float));
#endif
}

/// Which of a vector's elements are among the first `count`: all bits of them, none of the others.
INLINE vi among_first(size_t count) {
    vi places;
    for (int at = 0; at < WIDTH; at++) places[at] = at;
    return places < (int32_t)(count < WIDTH ? count : WIDTH);
}

INLINE vf only(vi chosen, vf x) { return (vf)(chosen & (vi)x); }

/// Rounds to the nearest bf16, ties to even.
INLINE vh to_half(vf x) {
    vu bits = (vu)x;
    vu rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return __builtin_convertvector(rounded, vh);
}

INLINE void store_operand(void *operand, size_t at, vf x, int half) {
    if (half) {
        vh h = to_half(x);
        memcpy((uint16_t *)operand + at, &h, sizeof h);
    } else {
        memcpy((float *)operand + at, &x, sizeof x);
    }
}

INLINE void store_operand_some(void *operand, size_t at, vf x, size_t count, int half) {
    if (half) {
        vh h = to_half(x);
        memcpy((uint16_t *)operand + at, &h, count * sizeof(uint16_t));
    } else {
        memcpy((float *)operand + at, &x, count * sizeof(float));
    }
}

INLINE float sum(vf x) {
    float parts[WIDTH];
    store(parts, x);
    for (int half = WIDTH / 2; half > 0; half /= 2)
        for (int at = 0; at < half; at++) parts[at] += parts[at + half];
    return parts[0];
}

INLINE float largest(vf x) {
    float found = x[0];
    for (int at = 1; at < WIDTH; at++) found = x[at] > found ? x[at] : found;
    return found;
}

INLINE vf larger(vf a, vf b) {
    vi first = a > b;
    return (vf)((first & (vi)a) | (~first & (vi)b));
}

/// e^x within two units of the last place; 0 under -87.3 and infinity over 88.7.
#if WIDTH == 16
INLINE vf exponential(vf x) {
    vf bounded = _mm512_min_ps(splat(89), x);
    vf whole = _mm512_roundscale_ps(bounded * 1.44269504088896341f, _MM_FROUND_TO_NEAREST_INT);
    vf rest = bounded - whole * 0.693359375f;
    rest = rest - whole * -2.12194440e-4f;
    vf p = splat(1.9875691500e-4f);
    p = p * rest + 1.3981999507e-3f;
    p = p * rest + 8.3334519073e-3f;
    p = p * rest + 4.1665795894e-2f;
    p = p * rest + 1.6666665459e-1f;
    p = p * rest + 5.0000001201e-1f;
    p = p * rest * rest + rest + 1.0f;
    return _mm512_maskz_scalef_ps(_mm512_cmp_ps_mask(x, splat(-87.33f), _CMP_NLT_UQ), p, whole);
}
#else
INLINE vf exponential(vf x) {
    vi under = x < splat(-87.33f), over = x > splat(88.72f);
    vf bounded = larger(x, splat(-87.33f));
    bounded = -larger(-bounded, splat(-88.72f));
    vf turns = bounded * 1.44269504088896341f;
    vf shifted = turns + 12582912.0f;  // 1.5 × 2^23: adding it rounds to whole numbers
    vf whole = shifted - 12582912.0f;
    vf rest = bounded - whole * 0.693359375f;
    rest = rest - whole * -2.12194440e-4f;
    vf p = splat(1.9875691500e-4f);
    p = p * rest + 1.3981999507e-3f;
    p = p * rest + 8.3334519073e-3f;
    p = p * rest + 4.1665795894e-2f;
    p = p * rest + 1.6666665459e-1f;
    p = p * rest + 5.0000001201e-1f;
    p = p * rest * rest + rest + 1.0f;
    // In two steps, as 2^128 is no float.
    vi power = __builtin_convertvector(whole, vi);
    vi first = power >> 1, second = power - first;
    vf scaled = p * (vf)((first + 127) << 23) * (vf)((second + 127) << 23);
    vi infinite = (vi)splat(INFINITY);
    return (vf)((~under & ~over & (vi)scaled) | (over & infinite));
}

#endif

INLINE vf sigmoid(vf x) {
#if WIDTH == 16
    // An estimate of the reciprocal and Newton's step: as near as a division and half its time. The bound
    // keeps the estimate from 0.
    vf whole = 1.0f + exponential(_mm512_min_ps(splat(80), -x));
    vf part = _mm512_rcp14_ps(whole);
    return part * (2.0f - whole * part);
#else
    return 1.0f / (1.0f + exponential(-x));
#endif
}

INLINE vf hyperbolic_tangent(vf x) { return 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f); }

/// Rows of products that a tile holds, and vectors beside each other.
#define TILE_ROWS 4
#define TILE_VECTORS (WIDTH == 16 ? 4 : 2)

/// c[rows, vectors × WIDTH] (+)= a × b, where element (i, p) of a lies at a[i × row_step + p × column_step].
/// The last vector of a row has `last` columns.
INLINE void tile(const float *a, size_t row_step, size_t column_step, const float *b, size_t ldb,
                 float *c, size_t ldc, size_t depth, const int rows, const int vectors,
                 size_t last, int accumulate) {
    vf total[TILE_ROWS][4];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            vf zero = {};
            const float *at = c + (size_t)i * ldc + (size_t)j * WIDTH;
            total[i][j] = !accumulate        ? zero
                          : j + 1 < vectors ? load(at)
                                            : load_some(at, last);
        }
    for (size_t p = 0; p < depth; p++) {
        vf right[4];
        for (int j = 0; j < vectors; j++) {
            const float *at = b + p * ldb + (size_t)j * WIDTH;
            right[j] = j + 1 < vectors || last == WIDTH ? load(at) : load_some(at, last);
        }
        for (int i = 0; i < rows; i++) {
            vf left = splat(a[(size_t)i * row_step + p * column_step]);
            for (int j = 0; j < vectors; j++) total[i][j] += left * right[j];
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            float *at = c + (size_t)i * ldc + (size_t)j * WIDTH;
            if (j + 1 < vectors)
                store(at, total[i][j]);
            else
                store_some(at, total[i][j], last);
        }
}

INLINE void tile_rows(const float *a, size_t row_step, size_t column_step, const float *b,
                      size_t ldb, float *c, size_t ldc, size_t m, size_t depth, const int vectors,
                      size_t last, int accumulate) {
    size_t i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS)
        tile(a + i * row_step, row_step, column_step, b, ldb, c + i * ldc, ldc, depth, TILE_ROWS,
             vectors, last, accumulate);
    for (; i < m; i++)
        tile(a + i * row_step, row_step, column_step, b, ldb, c + i * ldc, ldc, depth, 1, vectors,
             last, accumulate);
}

/// c[m, n] (+)= a[m, depth] × b[depth, n] for the small products inside attention, f32 throughout.
static void small_product(const float *a, size_t row_step, size_t column_step, const float *b,
                          size_t ldb, float *c, size_t ldc, size_t m, size_t n, size_t depth,
                          int accumulate) {
    size_t j = 0;
    for (; j + TILE_VECTORS * WIDTH <= n; j += TILE_VECTORS * WIDTH)
        tile_rows(a, row_step, column_step, b + j, ldb, c + j, ldc, m, depth, TILE_VECTORS, WIDTH,
                  accumulate);
    for (; j + WIDTH <= n; j += WIDTH)
        tile_rows(a, row_step, column_step, b + j, ldb, c + j, ldc, m, depth, 1, WIDTH, accumulate);
    if (j < n)
        tile_rows(a, row_step, column_step, b + j, ldb, c + j, ldc, m, depth, 1, n - j, accumulate);
}

static void KERNEL(to_operand)(const float *x, float scale, size_t count, void *operand, int half) {
    size_t at = 0;
    for (; at + WIDTH <= count; at += WIDTH) store_operand(operand, at, scale * load(x + at), half);
    if (at < count)
        store_operand_some(operand, at, scale * load_some(x + at, count - at), count - at, half);
}

static void KERNEL(add_scaled)(float *y, const float *x, float scale, size_t count) {
    size_t at = 0;
    for (; at + WIDTH <= count; at += WIDTH) store(y + at, load(y + at) + scale * load(x + at));
    for (; at < count; at++) y[at] += scale * x[at];
}

static void KERNEL(add_bias)(float *x, const float *bias, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++) KERNEL(add_scaled)(x + row * columns, bias, 1, columns);
}

static void KERNEL(add_rows)(const float *x, size_t rows, size_t columns, float *total) {
    for (size_t row = 0; row < rows; row++)
        KERNEL(add_scaled)(total, x + row * columns, 1, columns);
}

static double KERNEL(sum_of_squares)(const float *x, size_t count) {
    // Blocks bound the rounding of a long sum.
    double total = 0;
    for (size_t start = 0; start < count; start += 4096) {
        size_t end = start + 4096 < count ? start + 4096 : count, at = start;
        vf part = {};
        for (; at + WIDTH <= end; at += WIDTH) part += load(x + at) * load(x + at);
        float rest = 0;
        for (; at < end; at++) rest += x[at] * x[at];
        total += (double)sum(part) + (double)rest;
    }
    return total;
}

#include "layers.inc.h"
#include "attention.inc.h"
#include "rows.inc.h"

static const fettle_kernels KERNEL(table) = {
    KERNEL(to_operand),
    KERNEL(add_bias),
    KERNEL(add_rows),
    KERNEL(add_scaled),
    KERNEL(sum_of_squares),
    KERNEL(normalise),
    KERNEL(normalise_backward),
    KERNEL(rotate),
    KERNEL(swiglu),
    KERNEL(swiglu_backward),
    KERNEL(gelu),
    KERNEL(gelu_backward),
    KERNEL(attention),
    KERNEL(attention_backward),
    KERNEL(log_sum_exp),
    KERNEL(softmax_gradient),
    KERNEL(adamw),
    KERNEL(drop_operand),
    KERNEL(add_dropped),
    KERNEL(rows_times_vector),
    KERNEL(block_sums),
};

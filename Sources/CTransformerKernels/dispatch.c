#include "include/StoredRows.h"
#include "table.h"

#include <pthread.h>

/// The narrowest first.
static const char *const names[] = {"portable", "AVX2", "AVX-512"};
static int widest;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int limit = 2;

static void find_widest(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("f16c"))
        widest = 1;
    if (widest && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("bmi2"))
        widest = 2;
#endif
}

static int level(void) {
    pthread_once(&once, find_widest);
    return limit < widest ? limit : widest;
}

static const fettle_kernels *table(void) {
    switch (level()) {
    case 2:
        return fettle_kernels_avx512();
    case 1:
        return fettle_kernels_avx2();
    default:
        return fettle_kernels_portable();
    }
}

const char *fettle_kernels_name(void) { return names[level()]; }

void fettle_kernels_limit(int most) { limit = most; }

size_t fettle_attention_scratch(const fettle_attention_shape *shape, int backward) {
    // As attention.inc.h lays it out: whole vectors of columns, 32 rows of scores.
    size_t columns = (shape->prefix + shape->rows + 15) / 16 * 16;
    size_t rows = 32;
    return backward ? 2 * shape->dimension * columns + 2 * rows * columns
                    : shape->dimension * columns + rows * columns + rows * shape->dimension;
}


void fettle_to_operand(const float *x, float scale, size_t count, void *operand, int half) {
    table()->to_operand(x, scale, count, operand, half);
}

void fettle_add_bias(float *x, const float *bias, size_t rows, size_t columns) {
    table()->add_bias(x, bias, rows, columns);
}

void fettle_add_rows(const float *x, size_t rows, size_t columns, float *sum) {
    table()->add_rows(x, rows, columns, sum);
}

void fettle_add_scaled(float *y, const float *x, float scale, size_t count) {
    table()->add_scaled(y, x, scale, count);
}

double fettle_sum_of_squares(const float *x, size_t count) {
    return table()->sum_of_squares(x, count);
}

void fettle_normalise(const float *x, const float *weight, const float *bias, size_t rows, size_t width, float epsilon, void *operand, int half, float *mean, float *inverse) {
    table()->normalise(x, weight, bias, rows, width, epsilon, operand, half, mean, inverse);
}

void fettle_normalise_backward(const float *x, const float *weight, const float *mean, const float *inverse, const float *dy, size_t rows, size_t width, float *dx, float *weight_gradient, float *bias_gradient) {
    table()->normalise_backward(x, weight, mean, inverse, dy, rows, width, dx, weight_gradient, bias_gradient);
}

void fettle_rotate(float *x, size_t stride, size_t rows, size_t heads, size_t dimension, size_t rotated, const float *tables, const int32_t *positions, float sign) {
    table()->rotate(x, stride, rows, heads, dimension, rotated, tables, positions, sign);
}

void fettle_swiglu(const float *x, size_t rows, size_t width, void *operand, int half) {
    table()->swiglu(x, rows, width, operand, half);
}

void fettle_swiglu_backward(const float *x, const float *dy, size_t rows, size_t width, void *operand, int half) {
    table()->swiglu_backward(x, dy, rows, width, operand, half);
}

void fettle_gelu(const float *x, size_t count, void *operand, int half) {
    table()->gelu(x, count, operand, half);
}

void fettle_gelu_backward(const float *x, const float *dy, size_t count, void *operand, int half) {
    table()->gelu_backward(x, dy, count, operand, half);
}

void fettle_attention(const fettle_attention_shape *shape, const float *q, const float *k, const float *v, const float *prefix_k, const float *prefix_v, void *operand, int half, float *log_sums, float *scratch) {
    table()->attention(shape, q, k, v, prefix_k, prefix_v, operand, half, log_sums, scratch);
}

void fettle_attention_backward(const fettle_attention_shape *shape, const float *q, const float *k, const float *v, const float *log_sums, const float *dout, float *dq, float *dk, float *dv, float *scratch) {
    table()->attention_backward(shape, q, k, v, log_sums, dout, dq, dk, dv, scratch);
}

float fettle_log_sum_exp(const float *row, size_t count) {
    return table()->log_sum_exp(row, count);
}

void fettle_softmax_gradient(const float *row, size_t count, float log_sum, size_t target, float weight, void *operand, int half) {
    table()->softmax_gradient(row, count, log_sum, target, weight, operand, half);
}

void fettle_adamw(const fettle_adamw_step *step, float *parameters, const float *gradient, float *moment_1, float *moment_2, size_t count) {
    table()->adamw(step, parameters, gradient, moment_1, moment_2, count);
}

void fettle_drop_operand(const void *x, size_t count, uint64_t seed, float probability, int half, void *dropped) {
    table()->drop_operand(x, count, seed, probability, half, dropped);
}

void fettle_add_dropped(float *y, const float *x, size_t from, size_t count, uint64_t seed, float probability) {
    table()->add_dropped(y, x, from, count, seed, probability);
}

void fettle_rows_times_vector(int kind, const void *rows, size_t row_bytes, size_t count,
                              size_t columns, const float *x, const float *block_sums, float *y) {
    table()->rows_times_vector(kind, rows, row_bytes, count, columns, x, block_sums, y);
}

void fettle_block_sums(const float *x, size_t columns, float *sums) {
    table()->block_sums(x, columns, sums);
}

int fettle_is_largest(const float *row, size_t count, size_t place) {
    const float value = row[place];
    int greater = 0;
    for (size_t i = 0; i < count; i++) greater |= row[i] > value;
    return !greater;
}

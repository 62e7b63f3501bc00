/// What a transformer computes between its matrix products, for the widest vectors that the processor has.
///
/// Matrices are row-major. `operand` is what products take: floats, or bf16 halves when `half` is set.
/// No function allocates; scratch sizes are given beside each function that wants one.
#ifndef FETTLE_CTRANSFORMERKERNELS_H
#define FETTLE_CTRANSFORMERKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "StoredRows.h"

/// Names the vectors in use: "AVX-512", "AVX2" or "portable".
const char *fettle_kernels_name(void);
/// Takes narrower vectors than the processor has (0 portable, 1 AVX2, 2 AVX-512) on this thread, for
/// comparisons.
void fettle_kernels_limit(int level);

/// operand = scale × x.
void fettle_to_operand(const float *x, float scale, size_t count, void *operand, int half);
/// Adds a bias `[columns]` to each row.
void fettle_add_bias(float *x, const float *bias, size_t rows, size_t columns);
/// Adds the rows of a matrix to `sum[columns]`.
void fettle_add_rows(const float *x, size_t rows, size_t columns, float *sum);
/// y += scale × x.
void fettle_add_scaled(float *y, const float *x, float scale, size_t count);
/// Sum of squares.
double fettle_sum_of_squares(const float *x, size_t count);

/// y = x / rms(x) × weight; `inverse[rows]` keeps 1 / rms. With `bias`, layer normalisation: the mean is
/// taken off first and kept in `mean[rows]`.
void fettle_normalise(const float *x, const float *weight, const float *bias, size_t rows,
                      size_t width, float epsilon, void *operand, int half, float *mean,
                      float *inverse);
/// dx += the gradient through the normalisation; `weight_gradient` and `bias_gradient` may be NULL.
/// `mean` is NULL for RMS normalisation.
void fettle_normalise_backward(const float *x, const float *weight, const float *mean,
                               const float *inverse, const float *dy, size_t rows, size_t width,
                               float *dx, float *weight_gradient, float *bias_gradient);

/// Turns the pairs (i, i + half the rotated width) of `heads` heads of `dimension` in place by the angles of
/// each row's position; `tables` holds `rotated / 2` cosines and then as many sines for each position.
/// `sign` is -1 for the way back.
void fettle_rotate(float *x, size_t stride, size_t rows, size_t heads, size_t dimension,
                   size_t rotated, const float *tables, const int32_t *positions, float sign);

/// operand = silu(gate) × up, with gate and up side by side in `x[rows, 2 × width]`.
void fettle_swiglu(const float *x, size_t rows, size_t width, void *operand, int half);
/// The gradient of `x` as an operand, from `dy[rows, width]`.
void fettle_swiglu_backward(const float *x, const float *dy, size_t rows, size_t width,
                            void *operand, int half);
/// operand = GELU(x) by the tanh formula of GPT-2.
void fettle_gelu(const float *x, size_t count, void *operand, int half);
/// The gradient of `x` as an operand.
void fettle_gelu_backward(const float *x, const float *dy, size_t count, void *operand, int half);

/// Shapes of one attention: rows of q, k and v are `stride` apart, rows of the earlier keys and values
/// `prefix_stride`; `heads` is a multiple of `key_heads`.
typedef struct {
    size_t rows, prefix, heads, key_heads, dimension, stride, prefix_stride;
    float scale;
} fettle_attention_shape;

/// Floats of scratch for the two functions below.
size_t fettle_attention_scratch(const fettle_attention_shape *shape, int backward);
/// Causal attention of one sequence: its `rows` tokens look at `prefix` earlier ones and at themselves.
/// Writes `[rows, heads × dimension]` as an operand and the log of the sum of exponentials `[rows, heads]`.
void fettle_attention(const fettle_attention_shape *shape, const float *q, const float *k,
                      const float *v, const float *prefix_k, const float *prefix_v, void *operand,
                      int half, float *log_sums, float *scratch);
/// Gradients of q, k and v (same strides) from that of the output; no prefix.
void fettle_attention_backward(const fettle_attention_shape *shape, const float *q, const float *k,
                               const float *v, const float *log_sums, const float *dout, float *dq,
                               float *dk, float *dv, float *scratch);

/// The log of the sum of exponentials of a row.
float fettle_log_sum_exp(const float *row, size_t count);
/// Whether no number of a row is greater than the one at `place`.
int fettle_is_largest(const float *row, size_t count, size_t place);
/// row = exp(row - log_sum) × weight, less `weight` at `target`, as an operand.
void fettle_softmax_gradient(const float *row, size_t count, float log_sum, size_t target,
                             float weight, void *operand, int half);

/// One AdamW step (arXiv 1711.05101): decay apart from the gradient; `correction_1` and `correction_2` are
/// 1 - beta^t.
typedef struct {
    float rate, beta_1, beta_2, epsilon, decay, gradient_scale, correction_1, correction_2;
} fettle_adamw_step;
/// Updates parameters and both moments.
void fettle_adamw(const fettle_adamw_step *step, float *parameters, const float *gradient,
                  float *moment_1, float *moment_2, size_t count);

/// Copies an operand, dropping elements by a hash of (seed, index) with `probability` and scaling the others
/// by 1 / (1 - probability).
void fettle_drop_operand(const void *x, size_t count, uint64_t seed, float probability, int half,
                         void *dropped);
/// y += x with the same elements dropped; the first of them is the one numbered `from`.
void fettle_add_dropped(float *y, const float *x, size_t from, size_t count, uint64_t seed,
                        float probability);

#endif

#ifndef FETTLE_KERNELS_TABLE_H
#define FETTLE_KERNELS_TABLE_H

#include "include/CTransformerKernels.h"

typedef struct {
    void (*to_operand)(const float *, float, size_t, void *, int);
    void (*add_bias)(float *, const float *, size_t, size_t);
    void (*add_rows)(const float *, size_t, size_t, float *);
    void (*add_scaled)(float *, const float *, float, size_t);
    double (*sum_of_squares)(const float *, size_t);
    void (*normalise)(const float *, const float *, const float *, size_t, size_t, float, void *, int,
                      float *, float *);
    void (*normalise_backward)(const float *, const float *, const float *, const float *,
                               const float *, size_t, size_t, float *, float *, float *);
    void (*rotate)(float *, size_t, size_t, size_t, size_t, size_t, const float *, const int32_t *,
                   float);
    void (*swiglu)(const float *, size_t, size_t, void *, int);
    void (*swiglu_backward)(const float *, const float *, size_t, size_t, void *, int);
    void (*gelu)(const float *, size_t, void *, int);
    void (*gelu_backward)(const float *, const float *, size_t, void *, int);
    void (*attention)(const fettle_attention_shape *, const float *, const float *, const float *,
                      const float *, const float *, void *, int, float *, float *);
    void (*attention_backward)(const fettle_attention_shape *, const float *, const float *,
                               const float *, const float *, const float *, float *, float *, float *,
                               float *);
    float (*log_sum_exp)(const float *, size_t);
    void (*softmax_gradient)(const float *, size_t, float, size_t, float, void *, int);
    void (*adamw)(const fettle_adamw_step *, float *, const float *, float *, float *, size_t);
    void (*drop_operand)(const void *, size_t, uint64_t, float, int, void *);
    void (*add_dropped)(float *, const float *, size_t, size_t, uint64_t, float);
    void (*rows_times_vector)(int, const void *, size_t, size_t, size_t, const float *, const float *,
                              float *);
    void (*block_sums)(const float *, size_t, float *);
} fettle_kernels;

const fettle_kernels *fettle_kernels_portable(void);
const fettle_kernels *fettle_kernels_avx2(void);
const fettle_kernels *fettle_kernels_avx512(void);

#endif

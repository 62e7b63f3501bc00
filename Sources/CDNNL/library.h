#ifndef FETTLE_CDNNL_LIBRARY_H
#define FETTLE_CDNNL_LIBRARY_H

#include "CDNNL.h"

/// oneDNN's constants that versions 2 and 3 share.
enum {
    dnnl_engine_cpu = 1,
    dnnl_scratchpad_user = 1,
    dnnl_tag_any = 1,
    dnnl_query_weights = 131,
    dnnl_query_scratchpad = 136,
    dnnl_argument_source = 1,
    dnnl_argument_destination = 17,
    dnnl_argument_weights = 33,
    dnnl_argument_scratchpad = 80,
};

typedef struct {
    int argument;
    void *memory;
} dnnl_argument;

/// What is taken from the library. A description of a matrix is a struct of its own size in version 2 and
/// a handle in version 3: `fettle_description` hides that.
typedef struct {
    int major;
    void *engine;
    int (*engine_create)(void **, int, size_t);
    int (*stream_create)(void **, void *, unsigned);
    int (*stream_destroy)(void *);
    int (*memory_create)(void **, const void *, void *, void *);
    int (*memory_destroy)(void *);
    int (*memory_set)(void *, void *);
    size_t (*description_size)(const void *);
    int (*description_strided)(void *, int, const int64_t *, int, const int64_t *);
    int (*description_tagged)(void *, int, const int64_t *, int, int);
    int (*description_destroy)(void *);
    int (*matmul_2)(void *, const void *, const void *, const void *, const void *);
    int (*matmul_3)(void **, void *, const void *, const void *, const void *, const void *,
                    const void *);
    int (*pd_create_2)(void **, const void *, const void *, void *, const void *);
    int (*pd_destroy)(void *);
    const void *(*pd_description)(const void *, int, int);
    int (*reorder_create)(void **, const void *, void *, const void *, void *, const void *);
    int (*primitive_create)(void **, const void *);
    int (*primitive_execute)(const void *, void *, int, const dnnl_argument *);
    int (*primitive_destroy)(void *);
    int (*attributes_create)(void **);
    int (*attributes_destroy)(void *);
    int (*attributes_scratchpad)(void *, int);
    int (*attributes_post_ops)(void *, const void *);
    int (*post_ops_create)(void **);
    int (*post_ops_destroy)(void *);
    int (*post_ops_sum_2)(void *, float);
    int (*post_ops_sum_3)(void *, float, int32_t, int);
    int (*wait)(void *);
    void (*omp_threads)(int);
} fettle_dnnl_library;

extern fettle_dnnl_library fettle_dnnl;

/// A description, released by `fettle_description_free`.
void *fettle_description_strided(const fettle_matrix *matrix);
void *fettle_description_any(int64_t rows, int64_t columns, int type);
void fettle_description_free(void *description);

/// A primitive description of the product with these descriptions; NULL when it is not offered.
void *fettle_matmul_description(const void *left, const void *right, const void *destination,
                                int accumulate);

/// OpenMP's threads belong to the thread that asks: each thread that multiplies takes one.
void fettle_dnnl_one_thread(void);

#endif

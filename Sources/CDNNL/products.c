#include "library.h"

#include <stdlib.h>
#include <string.h>

struct fettle_packed {
    int64_t rows, columns;
    int type;
    void *owner;              // the primitive description that `layout` belongs to
    const void *layout;
    void *values;
    size_t bytes;
};

struct fettle_product {
    void *primitive, *stream;
    void *left, *right, *destination, *scratch;
    size_t scratch_bytes;             // the library's, a multiple of 64
    int64_t wide_left, wide_right;    // elements of bf16 that are made f32 first
};

/// Whether bf16 is computed as f32 here: the library's own way is a plain loop on processors without it.
///
/// A product of two bf16 numbers is exact in f32, so that only the order of the sums differs.
static int is_widened(int type) {
    return type == fettle_type_bf16 && !fettle_dnnl_bf16_is_fast();
}

static fettle_matrix widened(const fettle_matrix *matrix) {
    fettle_matrix wide = *matrix;
    if (is_widened(wide.type)) wide.type = fettle_type_f32;
    return wide;
}

/// Elements from a matrix's first to its last in memory.
static int64_t extent(const fettle_matrix *matrix) {
    return (matrix->rows - 1) * matrix->row_stride + (matrix->columns - 1) * matrix->column_stride + 1;
}

static const float *widen(const void *values, int64_t count, float *into) {
    const uint16_t *halves = values;
    for (int64_t at = 0; at < count; at++) {
        const uint32_t bits = (uint32_t)halves[at] << 16;
        memcpy(&into[at], &bits, sizeof bits);
    }
    return into;
}

/// Rounds to the nearest bf16, ties to even.
static void round_to_bf16(float *values, size_t count) {
    for (size_t at = 0; at < count; at++) {
        uint32_t bits;
        memcpy(&bits, &values[at], sizeof bits);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) continue;
        bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
        memcpy(&values[at], &bits, sizeof bits);
    }
}

/// Copies values from one layout to another; not zero on failure.
static int reorder(const void *from, const void *source, const void *to, void *destination) {
    fettle_dnnl_library *l = &fettle_dnnl;
    void *description = NULL, *primitive = NULL, *stream = NULL, *in = NULL, *out = NULL;
    int failed = l->reorder_create(&description, from, l->engine, to, l->engine, NULL) ||
                 l->primitive_create(&primitive, description) ||
                 l->stream_create(&stream, l->engine, 1) ||
                 l->memory_create(&in, from, l->engine, (void *)source) ||
                 l->memory_create(&out, to, l->engine, destination);
    if (!failed) {
        dnnl_argument arguments[2] = {{dnnl_argument_source, in}, {dnnl_argument_destination, out}};
        failed = l->primitive_execute(primitive, stream, 2, arguments) || l->wait(stream);
    }
    if (in) l->memory_destroy(in);
    if (out) l->memory_destroy(out);
    if (stream) l->stream_destroy(stream);
    if (primitive) l->primitive_destroy(primitive);
    if (description) l->pd_destroy(description);
    return failed;
}

fettle_packed *fettle_pack(const fettle_matrix *shape, const void *values, int type) {
    fettle_dnnl_one_thread();
    // The layout is asked for with a height in the middle of what is used; products of other heights are
    // then made for that layout.
    const int64_t height = 64;
    const int held = is_widened(type) ? fettle_type_f32 : type;
    fettle_matrix left = {height, shape->rows, shape->rows, 1, held};
    fettle_matrix destination = {height, shape->columns, shape->columns, 1, fettle_type_f32};
    void *left_description = fettle_description_strided(&left);
    void *right_description = fettle_description_any(shape->rows, shape->columns, held);
    void *out_description = fettle_description_strided(&destination);
    void *source_description = fettle_description_strided(shape);
    fettle_packed *packed = calloc(1, sizeof *packed);
    int failed = !left_description || !right_description || !out_description ||
                 !source_description || !packed;
    if (!failed) {
        packed->rows = shape->rows;
        packed->columns = shape->columns;
        packed->type = held;
        packed->owner =
            fettle_matmul_description(left_description, right_description, out_description, 0);
        failed = !packed->owner;
    }
    if (!failed) {
        packed->layout = fettle_dnnl.pd_description(packed->owner, dnnl_query_weights, 0);
        packed->bytes = packed->layout ? fettle_dnnl.description_size(packed->layout) : 0;
        packed->values = packed->bytes ? aligned_alloc(64, (packed->bytes + 63) / 64 * 64) : NULL;
        failed = !packed->values ||
                 reorder(source_description, values, packed->layout, packed->values);
    }
    fettle_description_free(left_description);
    fettle_description_free(right_description);
    fettle_description_free(out_description);
    fettle_description_free(source_description);
    if (!failed && held != type) round_to_bf16(packed->values, packed->bytes / sizeof(float));
    if (!failed) return packed;
    fettle_packed_free(packed);
    return NULL;
}

void fettle_packed_free(fettle_packed *packed) {
    if (!packed) return;
    if (packed->owner) fettle_dnnl.pd_destroy(packed->owner);
    free(packed->values);
    free(packed);
}

size_t fettle_packed_size(const fettle_packed *packed) { return packed->bytes; }

fettle_product *fettle_product_make(const fettle_matrix *left, const fettle_matrix *right,
                                    const fettle_packed *packed, const fettle_matrix *destination,
                                    int accumulate) {
    fettle_dnnl_one_thread();
    fettle_dnnl_library *l = &fettle_dnnl;
    const fettle_matrix wide_left = widened(left), wide_right = right ? widened(right) : wide_left;
    void *left_description = fettle_description_strided(&wide_left);
    void *right_description = right ? fettle_description_strided(&wide_right) : NULL;
    void *out_description = fettle_description_strided(destination);
    const void *right_layout = right ? right_description : packed->layout;
    fettle_product *product = calloc(1, sizeof *product);
    void *description = NULL;
    int failed = !left_description || !right_layout || !out_description || !product;
    if (!failed) {
        description =
            fettle_matmul_description(left_description, right_layout, out_description, accumulate);
        failed = !description;
    }
    if (!failed) {
        const void *scratch = l->pd_description(description, dnnl_query_scratchpad, 0);
        product->scratch_bytes = scratch ? (l->description_size(scratch) + 63) / 64 * 64 : 0;
        product->wide_left = wide_left.type != left->type ? extent(left) : 0;
        product->wide_right = right && wide_right.type != right->type ? extent(right) : 0;
        failed = l->primitive_create(&product->primitive, description) ||
                 l->stream_create(&product->stream, l->engine, 1) ||
                 l->memory_create(&product->left, left_description, l->engine, NULL) ||
                 l->memory_create(&product->right, right_layout, l->engine, NULL) ||
                 l->memory_create(&product->destination, out_description, l->engine, NULL) ||
                 (product->scratch_bytes &&
                  l->memory_create(&product->scratch, scratch, l->engine, NULL));
    }
    if (description) l->pd_destroy(description);
    fettle_description_free(left_description);
    fettle_description_free(right_description);
    fettle_description_free(out_description);
    if (!failed) return product;
    fettle_product_free(product);
    return NULL;
}

void fettle_product_free(fettle_product *product) {
    if (!product) return;
    fettle_dnnl_library *l = &fettle_dnnl;
    void *memories[] = {product->left, product->right, product->destination, product->scratch};
    for (int at = 0; at < 4; at++)
        if (memories[at]) l->memory_destroy(memories[at]);
    if (product->stream) l->stream_destroy(product->stream);
    if (product->primitive) l->primitive_destroy(product->primitive);
    free(product);
}

size_t fettle_product_scratch(const fettle_product *product) {
    return product->scratch_bytes +
           (size_t)(product->wide_left + product->wide_right) * sizeof(float);
}

int fettle_product_run(fettle_product *product, const void *left, const void *right,
                       const fettle_packed *packed, void *destination, void *scratch) {
    fettle_dnnl_one_thread();
    fettle_dnnl_library *l = &fettle_dnnl;
    const void *right_values = packed ? packed->values : right;
    float *wide = (float *)((char *)scratch + product->scratch_bytes);
    if (product->wide_left) left = widen(left, product->wide_left, wide);
    if (product->wide_right)
        right_values = widen(right, product->wide_right, wide + product->wide_left);
    if (l->memory_set(product->left, (void *)left) ||
        l->memory_set(product->right, (void *)right_values) ||
        l->memory_set(product->destination, destination) ||
        (product->scratch && l->memory_set(product->scratch, scratch)))
        return 1;
    dnnl_argument arguments[4] = {{dnnl_argument_source, product->left},
                                  {dnnl_argument_weights, product->right},
                                  {dnnl_argument_destination, product->destination},
                                  {dnnl_argument_scratchpad, product->scratch}};
    return l->primitive_execute(product->primitive, product->stream, product->scratch ? 4 : 3,
                                arguments) ||
           l->wait(product->stream);
}

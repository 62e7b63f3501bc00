/// Matrix products by oneDNN, whose library is loaded when the first one is asked for.
///
/// The library is 40 MB and brings OpenCL and OpenMP with it; a program that multiplies nothing pays
/// nothing for it. The C interfaces of oneDNN 2 and 3 differ in how shapes are described; both are met.
#ifndef FETTLE_CDNNL_H
#define FETTLE_CDNNL_H

#include <stddef.h>
#include <stdint.h>

/// Types of matrix elements, numbered as oneDNN does.
enum { fettle_type_bf16 = 2, fettle_type_f32 = 3 };

/// Loads the library; NULL when it is there, else what is wrong, in words that outlive the call.
const char *fettle_dnnl_load(void);

/// Major version of the loaded library.
int fettle_dnnl_version(void);

/// Whether this processor multiplies bf16 matrices faster than f32 ones.
int fettle_dnnl_bf16_is_fast(void);

/// A matrix `[rows, columns]` of a type; strides count elements.
typedef struct {
    int64_t rows, columns, row_stride, column_stride;
    int type;
} fettle_matrix;

/// Right-hand sides `[k, n]` in the layout that the library likes best; for products of any height.
typedef struct fettle_packed fettle_packed;

/// Packs a right-hand side as type `type`; the source may be freed afterwards. NULL without memory.
fettle_packed *fettle_pack(const fettle_matrix *shape, const void *values, int type);
/// Frees what `fettle_pack` gave.
void fettle_packed_free(fettle_packed *packed);
/// Bytes of the packed matrix.
size_t fettle_packed_size(const fettle_packed *packed);

/// A product of one shape, for one thread at a time.
typedef struct fettle_product fettle_product;

/// Makes destination = left × right, or destination += left × right with `accumulate`. `right` is NULL for
/// the packed matrix. NULL when the library does not offer the product.
fettle_product *fettle_product_make(const fettle_matrix *left, const fettle_matrix *right,
                                    const fettle_packed *packed, const fettle_matrix *destination,
                                    int accumulate);
/// Frees a product.
void fettle_product_free(fettle_product *product);
/// Bytes of working memory that each run wants.
size_t fettle_product_scratch(const fettle_product *product);
/// Runs it; `right` is NULL for a packed matrix. Not zero on failure.
int fettle_product_run(fettle_product *product, const void *left, const void *right,
                       const fettle_packed *packed, void *destination, void *scratch);

#endif

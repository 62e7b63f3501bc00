#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

fettle_dnnl_library fettle_dnnl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256] = "";

/// More than the structs of version 2 hold (a matrix: under 700 bytes; a product: four of them and more).
enum { description_bytes = 2048, operation_bytes = 16384 };

static void *library_handle;

static void *symbol(const char *name) {
    void *found = dlsym(library_handle, name);
    if (!found && !failure[0]) snprintf(failure, sizeof failure, "it has no function '%s'", name);
    return found;
}

typedef struct {
    int major, minor, patch;
} version_start;

static void load(void) {
    static const char *const names[] = {"libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"};
    for (size_t at = 0; at < sizeof names / sizeof *names && !library_handle; at++)
        library_handle = dlopen(names[at], RTLD_NOW | RTLD_LOCAL);
    if (!library_handle) {
        snprintf(failure, sizeof failure, "libdnnl.so.3 and libdnnl.so.2 were not found");
        return;
    }
    const version_start *(*version)(void) = symbol("dnnl_version");
    if (!version) return;
    fettle_dnnl_library *l = &fettle_dnnl;
    l->major = version()->major;
    if (l->major != 2 && l->major != 3) {
        snprintf(failure, sizeof failure, "version %d was found, 2 or 3 is wanted", l->major);
        return;
    }
    l->engine_create = symbol("dnnl_engine_create");
    l->stream_create = symbol("dnnl_stream_create");
    l->stream_destroy = symbol("dnnl_stream_destroy");
    l->wait = symbol("dnnl_stream_wait");
    l->memory_create = symbol("dnnl_memory_create");
    l->memory_destroy = symbol("dnnl_memory_destroy");
    l->memory_set = symbol("dnnl_memory_set_data_handle");
    l->description_size = symbol("dnnl_memory_desc_get_size");
    l->pd_destroy = symbol("dnnl_primitive_desc_destroy");
    l->pd_description = symbol("dnnl_primitive_desc_query_md");
    l->reorder_create = symbol("dnnl_reorder_primitive_desc_create");
    l->primitive_create = symbol("dnnl_primitive_create");
    l->primitive_execute = symbol("dnnl_primitive_execute");
    l->primitive_destroy = symbol("dnnl_primitive_destroy");
    l->attributes_create = symbol("dnnl_primitive_attr_create");
    l->attributes_destroy = symbol("dnnl_primitive_attr_destroy");
    l->attributes_scratchpad = symbol("dnnl_primitive_attr_set_scratchpad_mode");
    l->attributes_post_ops = symbol("dnnl_primitive_attr_set_post_ops");
    l->post_ops_create = symbol("dnnl_post_ops_create");
    l->post_ops_destroy = symbol("dnnl_post_ops_destroy");
    void *sum = symbol("dnnl_post_ops_append_sum");
    if (l->major == 2) {
        l->post_ops_sum_2 = sum;
        l->description_strided = symbol("dnnl_memory_desc_init_by_strides");
        l->description_tagged = symbol("dnnl_memory_desc_init_by_tag");
        l->matmul_2 = symbol("dnnl_matmul_desc_init");
        l->pd_create_2 = symbol("dnnl_primitive_desc_create");
    } else {
        l->post_ops_sum_3 = sum;
        l->description_strided = symbol("dnnl_memory_desc_create_with_strides");
        l->description_tagged = symbol("dnnl_memory_desc_create_with_tag");
        l->description_destroy = symbol("dnnl_memory_desc_destroy");
        l->matmul_3 = symbol("dnnl_matmul_primitive_desc_create");
    }
    // Found where the library was built with OpenMP, which is then among what it brought with it.
    l->omp_threads = dlsym(library_handle, "omp_set_num_threads");
    if (!failure[0] && l->engine_create(&l->engine, dnnl_engine_cpu, 0))
        snprintf(failure, sizeof failure, "it does not know this processor");
}

const char *fettle_dnnl_load(void) {
    pthread_once(&once, load);
    return failure[0] ? failure : NULL;
}

int fettle_dnnl_version(void) { return fettle_dnnl.major; }

int fettle_dnnl_bf16_is_fast(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16");
#else
    return 0;
#endif
}

void fettle_dnnl_one_thread(void) {
    static _Thread_local int done;
    if (done) return;
    if (fettle_dnnl.omp_threads) fettle_dnnl.omp_threads(1);
    done = 1;
}

void *fettle_description_strided(const fettle_matrix *matrix) {
    int64_t dimensions[2] = {matrix->rows, matrix->columns};
    int64_t strides[2] = {matrix->row_stride, matrix->column_stride};
    void *made = NULL;
    if (fettle_dnnl.major == 2) {
        made = calloc(1, description_bytes);
        if (made && fettle_dnnl.description_strided(made, 2, dimensions, matrix->type, strides)) {
            free(made);
            return NULL;
        }
        return made;
    }
    return fettle_dnnl.description_strided(&made, 2, dimensions, matrix->type, strides) ? NULL : made;
}

void *fettle_description_any(int64_t rows, int64_t columns, int type) {
    int64_t dimensions[2] = {rows, columns};
    void *made = NULL;
    if (fettle_dnnl.major == 2) {
        made = calloc(1, description_bytes);
        if (made && fettle_dnnl.description_tagged(made, 2, dimensions, type, dnnl_tag_any)) {
            free(made);
            return NULL;
        }
        return made;
    }
    return fettle_dnnl.description_tagged(&made, 2, dimensions, type, dnnl_tag_any) ? NULL : made;
}

void fettle_description_free(void *description) {
    if (!description) return;
    if (fettle_dnnl.major == 2)
        free(description);
    else
        fettle_dnnl.description_destroy(description);
}

void *fettle_matmul_description(const void *left, const void *right, const void *destination,
                                int accumulate) {
    fettle_dnnl_library *l = &fettle_dnnl;
    void *attributes = NULL, *post_ops = NULL, *made = NULL;
    // The working memory is the caller's, so that products may move between threads.
    int failed = l->attributes_create(&attributes) ||
                 l->attributes_scratchpad(attributes, dnnl_scratchpad_user);
    if (!failed && accumulate) {
        failed = l->post_ops_create(&post_ops);
        if (!failed)
            failed = l->major == 2 ? l->post_ops_sum_2(post_ops, 1)
                                   : l->post_ops_sum_3(post_ops, 1, 0, 0);
        failed = failed || l->attributes_post_ops(attributes, post_ops);
    }
    if (!failed && l->major == 2) {
        void *operation = calloc(1, operation_bytes);
        failed = !operation || l->matmul_2(operation, left, right, NULL, destination) ||
                 l->pd_create_2(&made, operation, attributes, l->engine, NULL);
        free(operation);
    } else if (!failed) {
        failed = l->matmul_3(&made, l->engine, left, right, NULL, destination, attributes);
    }
    if (post_ops) l->post_ops_destroy(post_ops);
    if (attributes) l->attributes_destroy(attributes);
    return failed ? NULL : made;
}

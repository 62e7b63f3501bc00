// Attention of one sequence, a block of rows at a time; see kernels.inc.h.

/// Rows of scores that are in work together.
#define ATTENTION_ROWS 32

/// Columns of scores, with room for whole vectors.
#define PADDED(count) (((count) + 15) / 16 * 16)

/// Columns that are computed: what those after the count hold is never looked at.
#define WHOLE(count) (((count) + WIDTH - 1) / WIDTH * WIDTH)

/// to[dimension, from ... from + rows] = the transpose of x[rows, dimension].
static void transpose(const float *x, size_t stride, size_t rows, size_t dimension, float *to,
                      size_t to_stride) {
    for (size_t start = 0; start < rows; start += 16) {
        size_t end = start + 16 < rows ? start + 16 : rows;
        for (size_t d = 0; d < dimension; d++)
            for (size_t row = start; row < end; row++)
                to[d * to_stride + row] = x[row * stride + d];
    }
}

/// One query of each head over rows of keys: scores[row] = q · k[row].
INLINE void single_scores(const float *q, const float *k, size_t stride, size_t rows,
                          size_t dimension, float *scores) {
    for (size_t row = 0; row < rows; row++) {
        const float *key = k + row * stride;
        vf total = {};
        size_t at = 0;
        for (; at + WIDTH <= dimension; at += WIDTH) total += load(q + at) * load(key + at);
        float rest = 0;
        for (; at < dimension; at++) rest += q[at] * key[at];
        scores[row] = sum(total) + rest;
    }
}

static void KERNEL(attention)(const fettle_attention_shape *shape, const float *q, const float *k,
                              const float *v, const float *prefix_k, const float *prefix_v,
                              void *operand, int half, float *log_sums, float *scratch) {
    size_t dimension = shape->dimension, prefix = shape->prefix, count = prefix + shape->rows;
    size_t columns = PADDED(count), group = shape->heads / shape->key_heads;
    size_t width = shape->heads * dimension;
    float *keys = scratch;                                // [dimension, columns]
    float *scores = keys + dimension * columns;           // [ATTENTION_ROWS, columns]
    float *values = scores + ATTENTION_ROWS * columns;    // [ATTENTION_ROWS, dimension]
    for (size_t key_head = 0; key_head < shape->key_heads; key_head++) {
        size_t offset = key_head * dimension;
        // The keys of a single query are read once: turning them around would cost more than it saves.
        const int single = shape->rows == 1;
        if (prefix && !single)
            transpose(prefix_k + offset, shape->prefix_stride, prefix, dimension, keys, columns);
        if (!single)
            transpose(k + offset, shape->stride, shape->rows, dimension, keys + prefix, columns);
        for (size_t head = key_head * group; head < (key_head + 1) * group; head++)
            for (size_t start = 0; start < shape->rows; start += ATTENTION_ROWS) {
                size_t rows = shape->rows - start;
                if (rows > ATTENTION_ROWS) rows = ATTENTION_ROWS;
                size_t seen = prefix + start + rows;
                const float *queries = q + start * shape->stride + head * dimension;
                if (single) {
                    single_scores(queries, prefix_k + offset, shape->prefix_stride, prefix,
                                  dimension, scores);
                    single_scores(queries, k + offset, 0, 1, dimension, scores + prefix);
                } else {
                    small_product(queries, shape->stride, 1, keys, columns, scores, columns, rows,
                                  WHOLE(seen), dimension, 0);
                }
                for (size_t row = 0; row < rows; row++) {
                    float *line = scores + row * columns;
                    size_t own = prefix + start + row + 1, at = 0;
                    vf tops = splat(line[0]);
                    for (; at < own; at += WIDTH) {
                        vi chosen = among_first(own - at), found = (vi)load(line + at);
                        tops = larger(tops, (vf)((chosen & found) | (~chosen & (vi)tops)));
                    }
                    float top = largest(tops);
                    vf totals = {};
                    for (at = 0; at < own; at += WIDTH) {
                        vf e = exponential((load(line + at) - top) * shape->scale);
                        e = only(among_first(own - at), e);
                        totals += e;
                        store(line + at, e);
                    }
                    float total = sum(totals);
                    for (; at < seen; at += WIDTH) store(line + at, (vf){});
                    log_sums[(start + row) * shape->heads + head] =
                        top * shape->scale + logf(total);
                    float part = 1 / total;
                    for (at = 0; at < own; at += WIDTH) store(line + at, load(line + at) * part);
                }
                if (prefix)
                    small_product(scores, columns, 1, prefix_v + offset, shape->prefix_stride,
                                  values, dimension, rows, dimension, prefix, 0);
                small_product(scores + prefix, columns, 1, v + offset, shape->stride, values,
                              dimension, rows, dimension, start + rows, prefix != 0);
                for (size_t row = 0; row < rows; row++) {
                    size_t to = (start + row) * width + head * dimension;
                    KERNEL(to_operand)(values + row * dimension, 1, dimension,
                                       (char *)operand + to * (half ? 2 : 4), half);
                }
            }
    }
}

static void KERNEL(attention_backward)(const fettle_attention_shape *shape, const float *q,
                                       const float *k, const float *v, const float *log_sums,
                                       const float *dout, float *dq, float *dk, float *dv,
                                       float *scratch) {
    size_t dimension = shape->dimension, count = shape->rows, stride = shape->stride;
    size_t columns = PADDED(count), group = shape->heads / shape->key_heads;
    size_t width = shape->heads * dimension;
    float *keys = scratch;                                // [dimension, columns]
    float *values = keys + dimension * columns;           // [dimension, columns]
    float *weights = values + dimension * columns;        // [ATTENTION_ROWS, columns]
    float *slopes = weights + ATTENTION_ROWS * columns;   // [ATTENTION_ROWS, columns]
    for (size_t row = 0; row < count; row++) {
        memset(dk + row * stride, 0, shape->key_heads * dimension * sizeof(float));
        memset(dv + row * stride, 0, shape->key_heads * dimension * sizeof(float));
    }
    for (size_t key_head = 0; key_head < shape->key_heads; key_head++) {
        size_t offset = key_head * dimension;
        transpose(k + offset, stride, count, dimension, keys, columns);
        transpose(v + offset, stride, count, dimension, values, columns);
        for (size_t head = key_head * group; head < (key_head + 1) * group; head++)
            for (size_t start = 0; start < count; start += ATTENTION_ROWS) {
                size_t rows = count - start < ATTENTION_ROWS ? count - start : ATTENTION_ROWS;
                size_t seen = start + rows;
                const float *queries = q + start * stride + head * dimension;
                const float *from = dout + start * width + head * dimension;
                small_product(queries, stride, 1, keys, columns, weights, columns, rows,
                              WHOLE(seen), dimension, 0);
                small_product(from, width, 1, values, columns, slopes, columns, rows, WHOLE(seen),
                              dimension, 0);
                for (size_t row = 0; row < rows; row++) {
                    float *p = weights + row * columns, *s = slopes + row * columns;
                    float log_sum = log_sums[(start + row) * shape->heads + head];
                    size_t own = start + row + 1, at = 0;
                    vf totals = {};
                    for (; at < own; at += WIDTH) {
                        vi chosen = among_first(own - at);
                        vf e = exponential(load(p + at) * shape->scale - log_sum);
                        totals += only(chosen, e * load(s + at));
                        store(p + at, only(chosen, e));
                    }
                    float total = sum(totals);
                    for (at = 0; at < own; at += WIDTH) {
                        vf slope = load(p + at) * (load(s + at) - total) * shape->scale;
                        store(s + at, only(among_first(own - at), slope));
                    }
                    for (; at < seen; at += WIDTH) {
                        store(p + at, (vf){});
                        store(s + at, (vf){});
                    }
                }
                small_product(slopes, columns, 1, k + offset, stride,
                              dq + start * stride + head * dimension, stride, rows, dimension, seen,
                              0);
                small_product(slopes, 1, columns, queries, stride, dk + offset, stride, seen,
                              dimension, rows, 1);
                small_product(weights, 1, columns, from, width, dv + offset, stride, seen,
                              dimension, rows, 1);
            }
    }
}

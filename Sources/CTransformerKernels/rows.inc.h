// Stored rows times a vector; see kernels.inc.h. Four rows at a time hide the latency of the sums.

#define ROWS_TOGETHER 4
typedef uint8_t vb __attribute__((vector_size(WIDTH)));
typedef int8_t vc __attribute__((vector_size(WIDTH)));

/// IEEE half to single precision.
INLINE float from_half(uint16_t h) {
#if defined(__F16C__) || WIDTH > 4
    _Float16 value;
    memcpy(&value, &h, sizeof value);
    return (float)value;
#else
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = h & 0x7FFF, bits;
    float value;
    if (rest < 0x400) {
        value = (float)rest * 0x1p-24f;  // subnormal
        return sign ? -value : value;
    }
    bits = sign | (rest >= 0x7C00 ? 0x7F800000 | (rest & 0x3FF) << 13 : (rest << 13) + 0x38000000);
    memcpy(&value, &bits, sizeof value);
    return value;
#endif
}

INLINE float half_at(const uint8_t *bytes) {
    uint16_t h;
    memcpy(&h, bytes, sizeof h);
    return from_half(h);
}

INLINE vf half_everywhere(const uint8_t *bytes) {
#if WIDTH == 16
    // Eight bytes are read for two of them, which every block has: that is faster than two.
    return _mm512_broadcastss_ps(_mm_cvtph_ps(_mm_loadl_epi64((const __m128i *)bytes)));
#else
    return splat(half_at(bytes));
#endif
}

/// One block's numbers times x, before the block's scale.
INLINE vf block_product(const uint8_t *q, const float *x, const int kind) {
    vf total = {};
    if (kind == fettle_rows_q8_0) {
        for (int at = 0; at < 32; at += WIDTH) {
            vc bytes;
            memcpy(&bytes, q + at, sizeof bytes);
            total += __builtin_convertvector(bytes, vf) * load(x + at);
        }
    } else {
        for (int at = 0; at < 16; at += WIDTH) {
            vb bytes;
            memcpy(&bytes, q + at, sizeof bytes);
            total += __builtin_convertvector(bytes & 15, vf) * load(x + at);
            total += __builtin_convertvector(bytes >> 4, vf) * load(x + 16 + at);
        }
    }
    return total;
}

#if WIDTH == 16
/// As `block_rows` for the four-bit kinds: the sixteen numbers that four bits stand for are computed once a
/// block, and the bits choose among them, which takes fewer steps than converting them.
INLINE void table_rows(const uint8_t *rows, size_t row_bytes, const int count, size_t columns,
                       const float *x, const float *sums, float *y, const int kind) {
    const size_t head = kind == fettle_rows_q4_1 ? 4 : 2;
    const size_t bytes = head + 16;
    const float first = kind == fettle_rows_q4_1 ? 0 : -8;
    const __m512 digits = first + _mm512_set_ps(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512 totals[ROWS_TOGETHER];
    __m128 shifts[ROWS_TOGETHER];
    for (int row = 0; row < count; row++) {
        totals[row] = _mm512_setzero_ps();
        shifts[row] = _mm_setzero_ps();
    }
    for (size_t block = 0; block < columns / 32; block++) {
        const __m512 low = _mm512_loadu_ps(x + block * 32);
        const __m512 high = _mm512_loadu_ps(x + block * 32 + 16);
        const __m128 block_sum = _mm_set1_ps(sums[block]);
        for (int row = 0; row < count; row++) {
            const uint8_t *at = rows + (size_t)row * row_bytes + block * bytes;
            __builtin_prefetch(at + 8 * row_bytes);
            // The scale, then the shift where the kind has one; what comes after them is not looked at.
            const __m128 scales = _mm_cvtph_ps(_mm_loadl_epi64((const __m128i *)at));
            if (kind == fettle_rows_q4_1)
                shifts[row] = _mm_fmadd_ps(scales, block_sum, shifts[row]);
            const __m512 values = _mm512_mul_ps(digits, _mm512_broadcastss_ps(scales));
            // A choice looks at the lowest four bits of its lane.
            const __m512i four = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(at + head)));
            totals[row] = _mm512_fmadd_ps(_mm512_permutexvar_ps(four, values), low, totals[row]);
            totals[row] = _mm512_fmadd_ps(
                _mm512_permutexvar_ps(_mm512_srli_epi32(four, 4), values), high, totals[row]);
        }
    }
    for (int row = 0; row < count; row++) {
        y[row] = _mm512_reduce_add_ps(totals[row]);
        if (kind == fettle_rows_q4_1) y[row] += shifts[row][1];
    }
}
#endif

INLINE void block_rows(const uint8_t *rows, size_t row_bytes, const int count, size_t columns,
                       const float *x, const float *sums, float *y, const int kind) {
#if WIDTH == 16
    if (kind != fettle_rows_q8_0) {
        table_rows(rows, row_bytes, count, columns, x, sums, y, kind);
        return;
    }
#endif
    const size_t head = kind == fettle_rows_q4_1 ? 4 : 2;
    const size_t bytes = head + (kind == fettle_rows_q8_0 ? 32 : 16);
    vf totals[ROWS_TOGETHER];
    float shifts[ROWS_TOGETHER];
    for (int row = 0; row < count; row++) {
        totals[row] = (vf){};
        shifts[row] = 0;
    }
    for (size_t block = 0; block < columns / 32; block++) {
        for (int row = 0; row < count; row++) {
            const uint8_t *at = rows + (size_t)row * row_bytes + block * bytes;
            // Four short streams are too many for the processor to guess: Q8_0 is a half faster so.
            __builtin_prefetch(at + 8 * row_bytes);
            totals[row] += half_everywhere(at) * block_product(at + head, x + block * 32, kind);
            if (kind == fettle_rows_q4_1) shifts[row] += half_at(at + 2) * sums[block];
            if (kind == fettle_rows_q4_0) shifts[row] -= 8 * half_at(at) * sums[block];
        }
    }
    for (int row = 0; row < count; row++) y[row] = sum(totals[row]) + shifts[row];
}

INLINE void plain_rows(const uint8_t *rows, size_t row_bytes, const int count, size_t columns,
                       const float *x, float *y, const int kind) {
    vf totals[ROWS_TOGETHER];
    float rest[ROWS_TOGETHER];
    size_t whole = columns / WIDTH * WIDTH;
    for (int row = 0; row < count; row++) {
        totals[row] = (vf){};
        rest[row] = 0;
    }
    for (size_t at = 0; at < whole; at += WIDTH) {
        vf right = load(x + at);
        for (int row = 0; row < count; row++) {
            const uint8_t *from = rows + (size_t)row * row_bytes;
            vf left;
            if (kind == fettle_rows_f32) {
                memcpy(&left, from + 4 * at, sizeof left);
            } else {
                vh halves;
                memcpy(&halves, from + 2 * at, sizeof halves);
                if (kind == fettle_rows_bf16)
                    left = (vf)(__builtin_convertvector(halves, vu) << 16);
                else
                    for (int place = 0; place < WIDTH; place++) left[place] = from_half(halves[place]);
            }
            totals[row] += left * right;
        }
    }
    for (size_t at = whole; at < columns; at++)
        for (int row = 0; row < count; row++) {
            const uint8_t *from = rows + (size_t)row * row_bytes;
            float value;
            if (kind == fettle_rows_f32) {
                memcpy(&value, from + 4 * at, sizeof value);
            } else if (kind == fettle_rows_bf16) {
                uint16_t h;
                memcpy(&h, from + 2 * at, sizeof h);
                uint32_t bits = (uint32_t)h << 16;
                memcpy(&value, &bits, sizeof value);
            } else {
                value = half_at(from + 2 * at);
            }
            rest[row] += value * x[at];
        }
    for (int row = 0; row < count; row++) y[row] = sum(totals[row]) + rest[row];
}

INLINE void rows_of_kind(const uint8_t *rows, size_t row_bytes, size_t count, size_t columns,
                         const float *x, const float *sums, float *y, const int kind) {
    const int blocks = kind >= fettle_rows_q8_0;
    size_t row = 0;
    for (; row + ROWS_TOGETHER <= count; row += ROWS_TOGETHER) {
        const uint8_t *at = rows + row * row_bytes;
        if (blocks)
            block_rows(at, row_bytes, ROWS_TOGETHER, columns, x, sums, y + row, kind);
        else
            plain_rows(at, row_bytes, ROWS_TOGETHER, columns, x, y + row, kind);
    }
    for (; row < count; row++) {
        const uint8_t *at = rows + row * row_bytes;
        if (blocks)
            block_rows(at, row_bytes, 1, columns, x, sums, y + row, kind);
        else
            plain_rows(at, row_bytes, 1, columns, x, y + row, kind);
    }
}

static void KERNEL(rows_times_vector)(int kind, const void *rows, size_t row_bytes, size_t count,
                                      size_t columns, const float *x, const float *sums, float *y) {
    switch (kind) {
    case fettle_rows_f32:
        rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_f32);
        break;
    case fettle_rows_f16:
        rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_f16);
        break;
    case fettle_rows_bf16:
        rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_bf16);
        break;
    case fettle_rows_q8_0:
        rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_q8_0);
        break;
    case fettle_rows_q4_0:
        rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_q4_0);
        break;
    default: rows_of_kind(rows, row_bytes, count, columns, x, sums, y, fettle_rows_q4_1); break;
    }
}

static void KERNEL(block_sums)(const float *x, size_t columns, float *sums) {
    for (size_t block = 0; block < columns / 32; block++) {
        vf total = {};
        for (int at = 0; at < 32; at += WIDTH) total += load(x + block * 32 + at);
        sums[block] = sum(total);
    }
}

// Normalisation, rotation, activations, the loss's gradient, the optimiser's step; see kernels.inc.h.

static void KERNEL(normalise)(const float *x, const float *weight, const float *bias, size_t rows,
                              size_t width, float epsilon, void *operand, int half, float *mean,
                              float *inverse) {
    for (size_t row = 0; row < rows; row++) {
        const float *in = x + row * width;
        float centre = 0;
        size_t at = 0;
        if (bias) {
            vf total = {};
            for (; at + WIDTH <= width; at += WIDTH) total += load(in + at);
            centre = sum(total);
            for (; at < width; at++) centre += in[at];
            centre /= (float)width;
            mean[row] = centre;
        }
        vf squares = {};
        for (at = 0; at + WIDTH <= width; at += WIDTH) {
            vf from = load(in + at) - centre;
            squares += from * from;
        }
        float square = sum(squares);
        for (; at < width; at++) square += (in[at] - centre) * (in[at] - centre);
        float factor = 1 / sqrtf(square / (float)width + epsilon);
        inverse[row] = factor;
        size_t start = row * width;
        for (at = 0; at + WIDTH <= width; at += WIDTH) {
            vf y = (load(in + at) - centre) * factor * load(weight + at);
            if (bias) y += load(bias + at);
            store_operand(operand, start + at, y, half);
        }
        if (at < width) {
            size_t left = width - at;
            vf y = (load_some(in + at, left) - centre) * factor * load_some(weight + at, left);
            if (bias) y += load_some(bias + at, left);
            store_operand_some(operand, start + at, y, left, half);
        }
    }
}

static void KERNEL(normalise_backward)(const float *x, const float *weight, const float *mean,
                                       const float *inverse, const float *dy, size_t rows,
                                       size_t width, float *dx, float *weight_gradient,
                                       float *bias_gradient) {
    for (size_t row = 0; row < rows; row++) {
        const float *in = x + row * width, *from = dy + row * width;
        float *to = dx + row * width;
        float centre = mean ? mean[row] : 0, factor = inverse[row];
        // dx = (g - mean(g) - x̂ mean(g x̂)) / σ with g = dy × weight; RMS leaves mean(g) out.
        vf plain = {}, crossed = {};
        size_t at = 0;
        for (; at + WIDTH <= width; at += WIDTH) {
            vf g = load(from + at) * load(weight + at);
            plain += g;
            crossed += g * ((load(in + at) - centre) * factor);
        }
        float plain_mean = sum(plain), crossed_mean = sum(crossed);
        for (; at < width; at++) {
            float g = from[at] * weight[at];
            plain_mean += g;
            crossed_mean += g * (in[at] - centre) * factor;
        }
        plain_mean = mean ? plain_mean / (float)width : 0;
        crossed_mean /= (float)width;
        for (at = 0; at + WIDTH <= width; at += WIDTH) {
            vf g = load(from + at) * load(weight + at);
            vf unit = (load(in + at) - centre) * factor;
            store(to + at, load(to + at) + (g - plain_mean - unit * crossed_mean) * factor);
        }
        for (; at < width; at++) {
            float unit = (in[at] - centre) * factor;
            to[at] += (from[at] * weight[at] - plain_mean - unit * crossed_mean) * factor;
        }
        if (weight_gradient)
            for (at = 0; at < width; at++)
                weight_gradient[at] += from[at] * (in[at] - centre) * factor;
        if (bias_gradient)
            for (at = 0; at < width; at++) bias_gradient[at] += from[at];
    }
}

static void KERNEL(rotate)(float *x, size_t stride, size_t rows, size_t heads, size_t dimension,
                           size_t rotated, const float *tables, const int32_t *positions,
                           float sign) {
    size_t pairs = rotated / 2;
    for (size_t row = 0; row < rows; row++) {
        const float *cosines = tables + (size_t)positions[row] * rotated, *sines = cosines + pairs;
        for (size_t head = 0; head < heads; head++) {
            float *low = x + row * stride + head * dimension, *high = low + pairs;
            size_t at = 0;
            for (; at + WIDTH <= pairs; at += WIDTH) {
                vf c = load(cosines + at), s = sign * load(sines + at);
                vf a = load(low + at), b = load(high + at);
                store(low + at, a * c - b * s);
                store(high + at, b * c + a * s);
            }
            for (; at < pairs; at++) {
                float c = cosines[at], s = sign * sines[at], a = low[at], b = high[at];
                low[at] = a * c - b * s;
                high[at] = b * c + a * s;
            }
        }
    }
}

static void KERNEL(swiglu)(const float *x, size_t rows, size_t width, void *operand, int half) {
    for (size_t row = 0; row < rows; row++) {
        const float *gate = x + row * 2 * width, *up = gate + width;
        size_t at = 0, start = row * width;
        for (; at + WIDTH <= width; at += WIDTH) {
            vf g = load(gate + at);
            store_operand(operand, start + at, g * sigmoid(g) * load(up + at), half);
        }
        if (at < width) {
            size_t left = width - at;
            vf g = load_some(gate + at, left);
            store_operand_some(operand, start + at, g * sigmoid(g) * load_some(up + at, left), left,
                               half);
        }
    }
}

static void KERNEL(swiglu_backward)(const float *x, const float *dy, size_t rows, size_t width,
                                    void *operand, int half) {
    for (size_t row = 0; row < rows; row++) {
        const float *gate = x + row * 2 * width, *up = gate + width, *from = dy + row * width;
        size_t start = row * 2 * width;
        for (size_t at = 0; at < width; at += WIDTH) {
            size_t left = width - at < WIDTH ? width - at : WIDTH;
            vf g = left == WIDTH ? load(gate + at) : load_some(gate + at, left);
            vf u = left == WIDTH ? load(up + at) : load_some(up + at, left);
            vf d = left == WIDTH ? load(from + at) : load_some(from + at, left);
            vf s = sigmoid(g);
            vf dgate = d * u * s * (1.0f + g * (1.0f - s)), dup = d * g * s;
            if (left == WIDTH) {
                store_operand(operand, start + at, dgate, half);
                store_operand(operand, start + width + at, dup, half);
            } else {
                store_operand_some(operand, start + at, dgate, left, half);
                store_operand_some(operand, start + width + at, dup, left, half);
            }
        }
    }
}

#define GELU_SLOPE 0.79788456080286536f
#define GELU_CUBE 0.044715f

static void KERNEL(gelu)(const float *x, size_t count, void *operand, int half) {
    for (size_t at = 0; at < count; at += WIDTH) {
        size_t left = count - at < WIDTH ? count - at : WIDTH;
        vf v = load_some(x + at, left);
        vf t = hyperbolic_tangent(GELU_SLOPE * (v + GELU_CUBE * v * v * v));
        store_operand_some(operand, at, 0.5f * v * (1.0f + t), left, half);
    }
}

static void KERNEL(gelu_backward)(const float *x, const float *dy, size_t count, void *operand,
                                  int half) {
    for (size_t at = 0; at < count; at += WIDTH) {
        size_t left = count - at < WIDTH ? count - at : WIDTH;
        vf v = load_some(x + at, left), d = load_some(dy + at, left);
        vf t = hyperbolic_tangent(GELU_SLOPE * (v + GELU_CUBE * v * v * v));
        vf inner = GELU_SLOPE * (1.0f + 3.0f * GELU_CUBE * v * v);
        vf slope = 0.5f * (1.0f + t) + 0.5f * v * (1.0f - t * t) * inner;
        store_operand_some(operand, at, d * slope, left, half);
    }
}

static float KERNEL(log_sum_exp)(const float *row, size_t count) {
    float top = -INFINITY;
    size_t at = 0;
    vf tops = splat(-INFINITY);
    for (; at + WIDTH <= count; at += WIDTH) tops = larger(tops, load(row + at));
    top = largest(tops);
    for (; at < count; at++) top = row[at] > top ? row[at] : top;
    // Rows of 100,000 floats keep seven digits when each block is summed apart.
    double total = 0;
    for (at = 0; at + WIDTH <= count;) {
        vf part = {};
        for (int step = 0; step < 64 && at + WIDTH <= count; step++, at += WIDTH)
            part += exponential(load(row + at) - top);
        total += (double)sum(part);
    }
    for (; at < count; at++) total += (double)expf(row[at] - top);
    return top + (float)log(total);
}

static void KERNEL(softmax_gradient)(const float *row, size_t count, float log_sum, size_t target,
                                     float weight, void *operand, int half) {
    for (size_t at = 0; at < count; at += WIDTH) {
        size_t left = count - at < WIDTH ? count - at : WIDTH;
        vf y = exponential(load_some(row + at, left) - log_sum) * weight;
        if (target >= at && target < at + left) y[target - at] -= weight;
        store_operand_some(operand, at, y, left, half);
    }
}

static void KERNEL(adamw)(const fettle_adamw_step *step, float *parameters, const float *gradient,
                          float *moment_1, float *moment_2, size_t count) {
    float keep = 1 - step->rate * step->decay, rate = step->rate / step->correction_1;
    float root = 1 / sqrtf(step->correction_2);
    for (size_t at = 0; at < count; at += WIDTH) {
        size_t left = count - at < WIDTH ? count - at : WIDTH;
        vf g = load_some(gradient + at, left) * step->gradient_scale;
        vf m = step->beta_1 * load_some(moment_1 + at, left) + (1 - step->beta_1) * g;
        vf v = step->beta_2 * load_some(moment_2 + at, left) + (1 - step->beta_2) * g * g;
        vf away = rate * m / (__builtin_elementwise_sqrt(v) * root + step->epsilon);
        store_some(moment_1 + at, m, left);
        store_some(moment_2 + at, v, left);
        store_some(parameters + at, keep * load_some(parameters + at, left) - away, left);
    }
}

/// Whether element `index` is kept: SplitMix64's finaliser over the seed and the index, against the bound.
INLINE int kept(uint64_t seed, uint64_t index, uint32_t bound) {
    uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) >= bound;
}

INLINE uint32_t drop_bound(float probability) {
    return (uint32_t)((double)probability * 4294967295.0);
}

static void KERNEL(drop_operand)(const void *x, size_t count, uint64_t seed, float probability,
                                 int half, void *dropped) {
    uint32_t bound = drop_bound(probability);
    float scale = 1 / (1 - probability);
    for (size_t at = 0; at < count; at++) {
        float value = 0;
        if (kept(seed, at, bound)) {
            if (half) {
                uint32_t bits = (uint32_t)((const uint16_t *)x)[at] << 16;
                memcpy(&value, &bits, sizeof value);
            } else {
                value = ((const float *)x)[at];
            }
            value *= scale;
        }
        store_operand_some(dropped, at, splat(value), 1, half);
    }
}

static void KERNEL(add_dropped)(float *y, const float *x, size_t from, size_t count, uint64_t seed,
                                float probability) {
    uint32_t bound = drop_bound(probability);
    float scale = 1 / (1 - probability);
    for (size_t at = 0; at < count; at++)
        if (kept(seed, from + at, bound)) y[at] += scale * x[at];
}

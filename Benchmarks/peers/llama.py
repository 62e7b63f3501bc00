"""llama.cpp by way of llama-cpp-python's low-level interface.

`FILE`: prints the tokens a second of prompts and of generation as one JSON object.
"""

import argparse
import ctypes
import json
import statistics
import time

import llama_cpp
import numpy

import usage

PROMPTS = [128, 512]
GENERATED = 64
ROUNDS = 5


@llama_cpp.llama_log_callback
def silence(level, text, data):
    """Takes llama.cpp's log."""


def has_matrix_units():
    """Whether the processor has AMX."""
    with open("/proc/cpuinfo") as file:
        return any("amx_tile" in line for line in file if line.startswith("flags"))


class Model:
    """A model with a context of 1,024 tokens on a number of threads."""

    def __init__(self, file, threads=2):
        llama_cpp.llama_log_set(silence, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        options = llama_cpp.llama_model_default_params()
        # Arranged for AMX, quantised weights end in an illegal instruction (0.3.36).
        options.use_extra_bufts = not has_matrix_units()
        self.model = llama_cpp.llama_model_load_from_file(str(file).encode(), options)
        if not self.model:
            raise SystemExit(f"llama.cpp cannot load {file}")
        options = llama_cpp.llama_context_default_params()
        options.n_ctx, options.n_batch, options.n_ubatch = 1024, 512, 512
        options.n_threads = options.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, options)
        vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(vocabulary)

    def forget(self):
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)

    def evaluate(self, tokens):
        """Takes up to 512 tokens in; returns the logits after the last."""
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        status = llama_cpp.llama_decode(
            self.context, llama_cpp.llama_batch_get_one(array, len(tokens))
        )
        if status != 0:
            raise SystemExit(f"llama_decode returned {status}")
        logits = llama_cpp.llama_get_logits_ith(self.context, -1)
        return numpy.ctypeslib.as_array(logits, (self.vocabulary,)).copy()

    def log_chances(self, tokens):
        self.forget()
        for start in range(0, len(tokens), 512):
            logits = self.evaluate(tokens[start:start + 512])
        logits = logits.astype(numpy.float64)
        return logits - logits.max() - numpy.log(numpy.exp(logits - logits.max()).sum())


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    model = Model(options.file, options.threads)
    generator = numpy.random.default_rng(7)
    text = generator.integers(17, model.vocabulary, max(PROMPTS)).tolist()
    model.log_chances(text)
    result = {"file": options.file}
    for count in PROMPTS:
        model.forget()
        times = []
        for _ in range(ROUNDS):
            times.append(seconds(lambda: model.evaluate(text[:count])))
            model.forget()
        result[f"prompt{count}"] = count / statistics.median(times)
    times = []
    for _ in range(ROUNDS):
        model.log_chances(text[:PROMPTS[0]])
        times.append(seconds(lambda: [model.evaluate([token]) for token in text[:GENERATED]]))
    result["generation"] = GENERATED / statistics.median(times)
    print(json.dumps({**result, "megabytes": usage.megabytes()}))


if __name__ == "__main__":
    main()

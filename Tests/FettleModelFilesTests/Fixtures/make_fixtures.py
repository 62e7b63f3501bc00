"""Writes the fixtures of FettleModelFilesTests.

    pip install gguf==0.19.0 safetensors==0.8.0 numpy
    python make_fixtures.py

Blocks are random bytes with scales that are finite, decoded by gguf's own numpy code; models hold
whole numbers that the tests compute again.
"""

import base64
import json
import pathlib
import struct
import zipfile
import zlib

import gguf
import numpy as np
import safetensors

HERE = pathlib.Path(__file__).parent
TYPES = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"]
# Where the half-precision scales of a block are.
SCALES = {
    "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}


def blocks():
    random = np.random.default_rng(20240607)
    result = []
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        size, width = gguf.GGML_QUANT_SIZES[kind]
        count = {1: 64, 32: 6, 256: 2}[size]
        data = random.integers(0, 256, (count, width), dtype=np.uint8)
        if size == 1:
            # Every exponent of half precision, subnormal numbers and zeros of both signs among them.
            numbers = random.standard_normal(count) * 2.0 ** random.integers(-26, 15, count)
            numbers[:2] = [0.0, -0.0]
            if name == "F16":
                data = numbers.astype(np.float16).view(np.uint8).reshape(count, 2)
            else:
                halves = (numbers.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
                data = halves.view(np.uint8).reshape(count, 2)
        for place in SCALES.get(name, []):
            scale = random.standard_normal(count) * 2.0 ** random.integers(-20, 2, count)
            data[:, place : place + 2] = scale.astype(np.float16).view(np.uint8).reshape(count, 2)
        numbers = gguf.quants.dequantize(data.reshape(1, -1), kind).astype("<f4")
        result.append(
            {
                "type": name,
                "blocks": base64.b64encode(data.tobytes()).decode(),
                "numbers": base64.b64encode(numbers.tobytes()).decode(),
            }
        )
    for name in ["F16", "BF16", "Q8_0"]:
        kind = gguf.GGMLQuantizationType[name]
        numbers = random.standard_normal(192) * 2.0 ** random.integers(-20, 12, 192)
        # Ties of Q8_0, a block of zeros, and numbers whose half is subnormal.
        numbers[:32] = np.arange(32) / 2 - 8
        numbers[0] = 127
        numbers[32:64] = 0
        numbers[64:96] = (np.arange(32) - 16) * 2.0**-26
        numbers = numbers.astype("<f4")
        result.append(
            {
                "quantised": name,
                "blocks": base64.b64encode(gguf.quants.quantize(numbers, kind).tobytes()).decode(),
                "numbers": base64.b64encode(numbers.tobytes()).decode(),
            }
        )
    (HERE / "blocks.json").write_text(json.dumps(result, indent=1) + "\n")


def numbers(seed, *shape):
    """Whole numbers -100..100 that say where they stand; `seed` tells tensors apart."""
    places = np.arange(np.prod(shape), dtype=np.int64)
    return ((places * 7 + seed * 31) % 201 - 100).astype(np.float32).reshape(shape)


def interleaved(weights, heads):
    """The rows of llama.cpp's converter: those of each head for interleaved rotary positions."""
    half = weights.shape[0] // heads // 2
    pairs = weights.reshape(heads, 2, half, *weights.shape[1:])
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(weights.shape)


def tokens(writer):
    words = ["<unk>", "<s>", "</s>"] + [f"t{n}" for n in range(37)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(words)
    writer.add_token_types([3, 3, 3] + [1] * 37)
    writer.add_token_merges(["t 0", "t 1"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")


def add(writer, name, values, kind="F32"):
    kind = gguf.GGMLQuantizationType[kind]
    if kind == gguf.GGMLQuantizationType.F32:
        writer.add_tensor(name, values)
    elif kind == gguf.GGMLQuantizationType.F16:
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)


def write(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def decoder(architecture, name, tied, biases):
    writer = gguf.GGUFWriter(str(HERE / name), architecture)
    writer.add_name(f"tiny {architecture}")
    writer.add_vocab_size(40)
    writer.add_context_length(64)
    writer.add_embedding_length(32)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e5)
    writer.add_rope_dimension_count(8)
    if architecture == "qwen2":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(4.0)
    tokens(writer)
    permuted = (lambda rows, heads: interleaved(rows, heads)) if architecture == "llama" else (
        lambda rows, heads: rows
    )
    add(writer, "token_embd.weight", numbers(0, 40, 32), "Q8_0")
    add(writer, "blk.0.attn_norm.weight", numbers(1, 32))
    add(writer, "blk.0.attn_q.weight", permuted(numbers(2, 32, 32), 4), "F16")
    add(writer, "blk.0.attn_k.weight", permuted(numbers(3, 16, 32), 2))
    add(writer, "blk.0.attn_v.weight", numbers(4, 16, 32), "BF16")
    add(writer, "blk.0.attn_output.weight", numbers(5, 32, 32), "Q4_0")
    add(writer, "blk.0.ffn_norm.weight", numbers(6, 32))
    add(writer, "blk.0.ffn_gate.weight", numbers(7, 32, 32), "F16")
    add(writer, "blk.0.ffn_up.weight", numbers(8, 32, 32), "F16")
    add(writer, "blk.0.ffn_down.weight", numbers(9, 32, 32), "F16")
    add(writer, "output_norm.weight", numbers(10, 32))
    if not tied:
        add(writer, "output.weight", numbers(11, 40, 32), "F16")
        add(writer, "rope_freqs.weight", np.array([1, 2, 4, 8], dtype=np.float32))
    if biases:
        add(writer, "blk.0.attn_q.bias", numbers(12, 32))
        add(writer, "blk.0.attn_k.bias", numbers(13, 16))
        add(writer, "blk.0.attn_v.bias", numbers(14, 16))
    write(writer)


def gpt2():
    writer = gguf.GGUFWriter(str(HERE / "tiny-gpt2.gguf"), "gpt2")
    writer.add_context_length(16)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_feed_forward_length(16)
    writer.add_head_count(2)
    writer.add_layer_norm_eps(1e-5)
    tokens(writer)
    add(writer, "token_embd.weight", numbers(0, 40, 8))
    add(writer, "position_embd.weight", numbers(1, 16, 8))
    shapes = [
        ("attn_norm", (8,)), ("attn_qkv", (24, 8)), ("attn_output", (8, 8)), ("ffn_norm", (8,)),
        ("ffn_up", (16, 8)), ("ffn_down", (8, 16)),
    ]
    for seed, (name, shape) in enumerate(shapes):
        add(writer, f"blk.0.{name}.weight", numbers(2 + seed, *shape))
        add(writer, f"blk.0.{name}.bias", numbers(20 + seed, shape[0]))
    add(writer, "output_norm.weight", numbers(8, 8))
    add(writer, "output_norm.bias", numbers(26, 8))
    write(writer)


def safetensors_file(path, tensors):
    """Tensors by name: (dtype, values)."""
    entries, kept = {}, []
    for name, (dtype, values) in tensors.items():
        if dtype == "bfloat16":
            data = (values.view("<u4") >> 16).astype("<u2")
        else:
            data = values.astype({"float32": "<f4", "float16": "<f2"}[dtype])
        kept.append(data)
        entries[name] = safetensors.TensorSpec(
            dtype=dtype, shape=values.shape, data_ptr=data.ctypes.data, data_len=data.nbytes
        )
    path.write_bytes(bytes(safetensors.serialize(entries, {"format": "pt"})))


def folder(name, configuration, **files):
    path = HERE / name
    path.mkdir(exist_ok=True)
    (path / "config.json").write_text(json.dumps(configuration, indent=1) + "\n")
    for file, value in files.items():
        (path / f"{file}.json").write_text(json.dumps(value, indent=1) + "\n")
    return path


def huggingface_llama():
    path = folder(
        "llama",
        {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 40,
            "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1,
            "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4,
            "hidden_act": "silu", "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
            "rope_theta": 500000.0, "tie_word_embeddings": False, "attention_bias": False,
            "mlp_bias": False, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": -1,
            "rope_scaling": {
                "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
            },
        },
        generation_config={"eos_token_id": [3, 2]},
        tokenizer={"version": "1.0"},
        tokenizer_config={
            "chat_template": [
                {"name": "tools", "template": "t"}, {"name": "default", "template": "{{ d }}"},
            ]
        },
    )
    layer = "model.layers.0."
    shapes = [
        ("model.embed_tokens", "bfloat16", (40, 16)), (layer + "input_layernorm", "float32", (16,)),
        (layer + "self_attn.q_proj", "bfloat16", (8, 16)),
        (layer + "self_attn.k_proj", "float16", (4, 16)),
        (layer + "self_attn.v_proj", "float32", (4, 16)),
        (layer + "self_attn.o_proj", "float32", (16, 8)),
        (layer + "post_attention_layernorm", "float32", (16,)),
        (layer + "mlp.gate_proj", "bfloat16", (24, 16)),
        (layer + "mlp.up_proj", "bfloat16", (24, 16)),
        (layer + "mlp.down_proj", "bfloat16", (16, 24)), ("model.norm", "float32", (16,)),
        ("lm_head", "bfloat16", (40, 16)),
    ]
    safetensors_file(
        path / "model.safetensors",
        {
            name + ".weight": (dtype, numbers(seed, *shape))
            for seed, (name, dtype, shape) in enumerate(shapes)
        },
    )


def huggingface_gpt2():
    """Two shards, the names without 'transformer.', matrices [in, out], a buffer of masks."""
    path = folder(
        "gpt2",
        {
            "model_type": "gpt2", "vocab_size": 40, "n_positions": 16, "n_embd": 8, "n_layer": 1,
            "n_head": 2, "n_inner": None, "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5, "bos_token_id": 39, "eos_token_id": 39,
        },
        tokenizer={"version": "1.0"},
    )
    first = {
        "wte.weight": ("float32", numbers(0, 40, 8)), "wpe.weight": ("float32", numbers(1, 16, 8)),
        "h.0.attn.bias": ("float32", numbers(2, 1, 1, 16, 16)),
    }
    second = {}
    shapes = [
        ("ln_1", (8,)), ("attn.c_attn", (8, 24)), ("attn.c_proj", (8, 8)), ("ln_2", (8,)),
        ("mlp.c_fc", (8, 32)), ("mlp.c_proj", (32, 8)),
    ]
    for seed, (name, shape) in enumerate(shapes):
        second[f"h.0.{name}.weight"] = ("float32", numbers(3 + seed, *shape))
        second[f"h.0.{name}.bias"] = ("float32", numbers(20 + seed, shape[-1]))
    second["ln_f.weight"] = ("float32", numbers(9, 8))
    second["ln_f.bias"] = ("float32", numbers(26, 8))
    names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    weight_map = {}
    for name, part in zip(names, [first, second]):
        safetensors_file(path / name, part)
        weight_map |= {tensor: name for tensor in part}
    index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
    (path / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
    (path / "chat_template.jinja").write_text("{{ messages }}\n")


def archives():
    """A wheel with a deflated GGUF file, a folder that is stored, and an archive of the zip64 form."""
    def entry(name, method):
        information = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
        information.compress_type = method
        return information

    with zipfile.ZipFile(HERE / "wheel.zip", "w") as archive:
        archive.comment = b"a comment PK"
        archive.writestr(entry("tiny/__init__.py", zipfile.ZIP_DEFLATED), "x = 1\n")
        data = (HERE / "tiny-gpt2.gguf").read_bytes()
        archive.writestr(entry("tiny/tiny-gpt2.gguf", zipfile.ZIP_DEFLATED), data)
    with zipfile.ZipFile(HERE / "folder.zip", "w") as archive:
        archive.writestr(entry("README.md", zipfile.ZIP_STORED), "a folder\n")
        for path in sorted((HERE / "gpt2").iterdir()):
            archive.writestr(entry(f"models/gpt2/{path.name}", zipfile.ZIP_STORED), path.read_bytes())
        archive.writestr(entry("models/gpt2/onnx/model.onnx", zipfile.ZIP_STORED), "x")
    wide(HERE / "wide.zip", "w.gguf", b"GGUF, and no more")


def wide(path, name, data):
    """What zipfile writes only of more than 4 GiB: sizes and places in extra fields."""
    name, most = name.encode(), 0xFFFFFFFF
    extra = struct.pack("<HHQQ", 1, 16, len(data), len(data))
    common = struct.pack("<HHHHHIII", 45, 0, 0, 0, 0, zlib.crc32(data), most, most)
    local = struct.pack("<I", 0x04034B50) + common + struct.pack("<HH", len(name), len(extra))
    out = local + name + extra + data
    extra = struct.pack("<HHIHHQQQ", 0x9999, 4, 7, 1, 24, len(data), len(data), 0)
    start = len(out)
    out += struct.pack("<IH", 0x02014B50, 45) + common
    out += struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, most) + name + extra
    size = len(out) - start
    end = len(out)
    out += struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, size, start)
    out += struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, most, most, 0)
    path.write_bytes(out)


huggingface_llama()
huggingface_gpt2()
blocks()
decoder("llama", "tiny-llama.gguf", tied=True, biases=False)
decoder("llama", "tiny-llama3.gguf", tied=False, biases=False)
decoder("qwen2", "tiny-qwen2.gguf", tied=True, biases=True)
gpt2()
archives()

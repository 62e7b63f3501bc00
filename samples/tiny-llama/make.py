"""Writes the model of this folder: a Llama of random weights and a tokenizer of the 256 bytes and a few merges.

    python3 make.py

It knows nothing; it is there to try commands on, in a moment, that take a language model.
"""

import json
import pathlib
import random
import struct

WIDTH, INNER, LAYERS, HEADS, KEY_HEADS = 16, 32, 2, 4, 2
MERGES = ["Ġ t", "Ġ a", "h e", "Ġt he", "i n", "Ġ s", "o u", "r e", "Ġ i", "e r"]
HERE = pathlib.Path(__file__).parent
CHAT_TEMPLATE = (
    "{% for message in messages %}[{{ message.role }}] {{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)


def alphabet():
    """The characters that stand for the bytes in byte-level BPE."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    table = {byte: chr(byte) for byte in plain}
    table |= {byte: chr(256 + place) for place, byte in enumerate(others)}
    return [table[byte] for byte in range(256)]


def tokenizer():
    vocabulary = {"<|end|>": 0}
    for token in alphabet() + [merge.replace(" ", "") for merge in MERGES]:
        vocabulary[token] = len(vocabulary)
    end = {
        "id": 0, "content": "<|end|>", "single_word": False, "lstrip": False, "rstrip": False,
        "normalized": False, "special": True,
    }
    bytes_ = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [end], "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                bytes_ | {"use_regex": True},
            ],
        },
        "post_processor": None,
        "decoder": bytes_ | {"use_regex": True},
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
            "ignore_merges": False, "vocab": vocabulary,
            "merges": MERGES,
        },
    }


def tensors(vocabulary):
    head = WIDTH // HEADS
    shapes = {"model.embed_tokens.weight": [vocabulary, WIDTH]}
    for layer in range(LAYERS):
        name = f"model.layers.{layer}."
        shapes |= {
            name + "input_layernorm.weight": [WIDTH],
            name + "self_attn.q_proj.weight": [WIDTH, WIDTH],
            name + "self_attn.k_proj.weight": [KEY_HEADS * head, WIDTH],
            name + "self_attn.v_proj.weight": [KEY_HEADS * head, WIDTH],
            name + "self_attn.o_proj.weight": [WIDTH, WIDTH],
            name + "post_attention_layernorm.weight": [WIDTH],
            name + "mlp.gate_proj.weight": [INNER, WIDTH],
            name + "mlp.up_proj.weight": [INNER, WIDTH],
            name + "mlp.down_proj.weight": [WIDTH, INNER],
        }
    return shapes | {"model.norm.weight": [WIDTH]}


def main():
    described = tokenizer()
    vocabulary = len(described["model"]["vocab"])
    (HERE / "chat_template.jinja").write_text(CHAT_TEMPLATE)
    (HERE / "tokenizer.json").write_text(json.dumps(described, ensure_ascii=False) + "\n")
    configuration = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary,
        "hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "num_key_value_heads": KEY_HEADS,
        "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
        "hidden_act": "silu", "attention_bias": False, "tie_word_embeddings": True,
        "bos_token_id": 0, "eos_token_id": 0, "torch_dtype": "float32",
    }
    (HERE / "config.json").write_text(json.dumps(configuration, indent=2) + "\n")
    generator = random.Random(7)
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, shape in tensors(vocabulary).items():
        count = 1
        for size in shape:
            count *= size
        scale = 0.02 if "norm" in name else WIDTH ** -0.5
        middle = 1.0 if "norm" in name else 0.0
        numbers = [middle + scale * generator.gauss(0, 1) for _ in range(count)]
        data = struct.pack(f"<{count}f", *numbers)
        header[name] = {
            "dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (HERE / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)


main()

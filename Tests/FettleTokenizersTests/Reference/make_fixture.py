"""Trains the small tokenizers of the tests and writes what Hugging Face's tokenizers make of the strings.

    python3 Tests/FettleTokenizersTests/Reference/make_fixture.py       (needs: pip install tokenizers)
"""
import csv
import json
import os

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

import families
import hashes
from strings import FRAGMENTS

HERE = os.path.dirname(os.path.abspath(__file__))
ODD = [AddedToken("<mask>", lstrip=True, special=True, normalized=False),
       AddedToken("<w>", single_word=True, special=False, normalized=False),
       AddedToken("<né>", rstrip=True, special=False, normalized=True)]


def corpus():
    with open(os.path.join(HERE, "../../../samples/reviews.csv"), encoding="utf-8") as file:
        reviews = [" ".join(row) for row in csv.reader(file)]
    return reviews + FRAGMENTS["texts"] * 20


def trained(pre_tokenizer, size, **options):
    """Returns the vocabulary and merges that training gives."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if "normalizer" in options:
        tokenizer.normalizer = options.pop("normalizer")
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, **options)
    tokenizer.train_from_iterator(corpus(), trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(merge) for merge in model["merges"]]


def byte_trained(splitter):
    return trained(splitter, 1200, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def sentencepiece():
    vocab, merges = trained(
        pre_tokenizers.Metaspace(prepend_scheme="always"), 900, limit_alphabet=120)
    pieces = ["<unk>", "<s>", "</s>", *[f"<0x{byte:02X}>" for byte in range(256)]]
    pieces += sorted(vocab, key=vocab.get)
    return {piece: position for position, piece in enumerate(pieces)}, merges


def main():
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    lines = families.byte_level(pre_tokenizers.Split(families.Regex(families.LLAMA3), "isolated"))
    chat = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocab, merges = byte_trained(plain)
    made = {"gpt2": families.gpt2(vocab, merges)}
    made["smollm"] = families.smollm(vocab, merges, chat)
    # Bytes without a token, as in the published vocabulary.
    for byte in (0xF1, 0x04, 0xC0):
        vocab = {token: place for token, place in vocab.items()
                 if families.alphabet()[byte] not in token}
    merges = [merge for merge in merges if all(part in vocab for part in (*merge, "".join(merge)))]
    made["smollm-gaps"] = families.smollm(vocab, merges, chat)
    vocab, merges = byte_trained(lines)
    header = ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>"]
    made["llama3"] = families.llama3(vocab, merges[:-100], header)
    made["qwen2"] = families.qwen2(vocab, merges, chat, ["<tool_call>", "</tool_call>"])
    vocab, merges = sentencepiece()
    made["llama2"] = families.sentencepiece(vocab, merges)
    made["mistral"] = families.sentencepiece(vocab, merges, metaspace=True)
    for name, tokenizer in made.items():
        tokenizer.add_tokens(ODD)
        tokenizer.add_special_tokens([token for token in ODD if token.special])
        tokenizer.save(os.path.join(HERE, f"{name}.json"), pretty=False)
        hashes.write(tokenizer, os.path.join(HERE, f"{name}.hashes"))


main()

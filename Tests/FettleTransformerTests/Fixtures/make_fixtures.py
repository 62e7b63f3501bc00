"""Writes tiny random language models and what PyTorch computes with them; see README.md.

Run: python make_fixtures.py [FOLDER]
"""

import json
import pathlib
import sys

import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    get_linear_schedule_with_warmup,
)

VOCABULARY = 97
SPECIAL = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": None}
SEQUENCES = [(19, 13), (26, 17)]
STEPS = 10
FULL = {"learningRate": 2e-3, "weightDecay": 0.01}
LORA = {"learningRate": 1e-2, "weightDecay": 0.0, "warmupSteps": 2, "clipNorm": 0.5}
LLAMA_PROJECTIONS = [
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj",
]


def llama(**options):
    shared = dict(
        vocab_size=VOCABULARY, max_position_embeddings=256, rms_norm_eps=1e-5, **SPECIAL
    )
    return LlamaForCausalLM(LlamaConfig(**{**shared, **options}))


def models():
    yield "llama-untied", lambda: llama(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 5000.0, "factor": 4.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
        },
    ), LLAMA_PROJECTIONS
    yield "llama-tied", lambda: llama(
        hidden_size=32, intermediate_size=40, num_hidden_layers=3, num_attention_heads=8,
        num_key_value_heads=2, tie_word_embeddings=True,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0},
    ), LLAMA_PROJECTIONS
    yield "qwen2", lambda: Qwen2ForCausalLM(Qwen2Config(
        vocab_size=VOCABULARY, max_position_embeddings=64, rms_norm_eps=1e-6, **SPECIAL,
        hidden_size=32, intermediate_size=56, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=1, tie_word_embeddings=True, use_sliding_window=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    )), LLAMA_PROJECTIONS
    yield "gpt2", lambda: GPT2LMHeadModel(GPT2Config(
        vocab_size=VOCABULARY, n_positions=64, n_embd=32, n_layer=2, n_head=4,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **SPECIAL,
    )), ["c_attn", "c_proj", "c_fc"]


def randomize(model, generator):
    """Gives every weight a size at which each part of the model changes the logits."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            values = torch.randn(weight.shape, generator=generator)
            if weight.dim() > 1:
                weight.copy_(values * (0.4 if "embed" in name or "wte" in name else 0.2))
            elif name.endswith("bias"):
                weight.copy_(values * 0.1)
            else:
                weight.copy_(1 + values * 0.2)


def draw_sequences(generator):
    return [
        {
            "tokens": torch.randint(3, VOCABULARY, (length,), generator=generator).tolist(),
            "promptLength": prompt,
        }
        for length, prompt in SEQUENCES
    ]


class Batch:
    """The sequences side by side, filled up at the right; only real tokens count."""

    def __init__(self, sequences, prompt_weight=0.0):
        longest = max(len(sequence["tokens"]) for sequence in sequences)
        shape = len(sequences), longest
        self.tokens = torch.zeros(shape, dtype=torch.long)
        self.mask = torch.zeros(shape, dtype=torch.long)
        self.weights = torch.zeros(shape)
        for row, sequence in enumerate(sequences):
            length = len(sequence["tokens"])
            self.tokens[row, :length] = torch.tensor(sequence["tokens"])
            self.mask[row, :length] = 1
            self.weights[row, 1:sequence["promptLength"]] = prompt_weight
            self.weights[row, sequence["promptLength"]:length] = 1

    def logits(self, model):
        return model(input_ids=self.tokens, attention_mask=self.mask, use_cache=False).logits

    def loss(self, model):
        chances = self.logits(model)[:, :-1].log_softmax(-1)
        losses = -chances.gather(-1, self.tokens[:, 1:, None])[..., 0]
        weights = self.weights[:, 1:].to(losses.dtype)
        return (losses * weights).sum() / weights.sum()

    def packed(self, values):
        """The values of the real tokens, sequence after sequence."""
        return values[self.mask.bool()].detach().clone()


def gradients(model, loss):
    model.zero_grad()
    loss.backward()
    return {
        name: weight.grad.detach().clone()
        for name, weight in model.named_parameters() if weight.requires_grad
    }


def train(model, batch, learningRate, weightDecay, warmupSteps=None, clipNorm=None):
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        weights, lr=learningRate, betas=(0.9, 0.999), eps=1e-8, weight_decay=weightDecay,
        foreach=False,
    )
    schedule = None
    if warmupSteps is not None:
        schedule = get_linear_schedule_with_warmup(optimizer, warmupSteps, STEPS)
    losses, norms, rates = [], [], []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        loss = batch.loss(model)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(weights, clipNorm or float("inf")).item())
        optimizer.step()
        if schedule:
            schedule.step()
        losses.append(loss.item())
    return {"losses": losses, "gradientNorms": norms, "learningRates": rates}


def greedy(model, prompt, count=12):
    tokens = list(prompt)
    for _ in range(count):
        top = model(input_ids=torch.tensor([tokens])).logits[0, -1].topk(2)
        if (top.values[0] - top.values[1]).item() < 1e-3:
            raise SystemExit("two tokens are as likely as each other: take another seed")
        tokens.append(top.indices[0].item())
    return tokens[len(prompt):]


def label_scores(model, prompt, labels):
    scores = []
    for label in labels:
        chances = model(input_ids=torch.tensor([prompt + label])).logits[0].log_softmax(-1)
        scores.append(sum(
            chances[len(prompt) + place - 1, token].item() for place, token in enumerate(label)
        ))
    return scores


def with_adapter(model, projections, generator):
    """The model with a LoRA adapter whose B is not zero, so that A has gradients at once."""
    adapted = get_peft_model(model, LoraConfig(
        r=4, lora_alpha=8, target_modules=projections, lora_dropout=0.0, bias="none",
        task_type="CAUSAL_LM", fan_in_fan_out="c_attn" in projections,
    ))
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_" in name:
                weight.copy_(torch.randn(weight.shape, generator=generator) * 0.1)
    return adapted


def adapter_names(adapted, values):
    """The values under the names that PEFT writes to files."""
    state = {name: values.get(name, weight) for name, weight in adapted.named_parameters()}
    return get_peft_model_state_dict(adapted, state_dict=state)


def contiguous(tensors):
    return {name: tensor.detach().float().clone().contiguous() for name, tensor in tensors.items()}


def save_published_form(model, folder):
    """Saves the model; rope's settings go where models published for transformers 4 have them."""
    model.save_pretrained(folder)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if folder.name == "llama-untied":
        rope = config.pop("rope_parameters")
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = rope
        config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    (folder / "generation_config.json").unlink()


def write(name, make, projections, folder, seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = make().eval()
    model.set_attn_implementation("eager")
    randomize(model, generator)
    folder.mkdir(parents=True, exist_ok=True)
    save_published_form(model, folder)

    sequences = draw_sequences(generator)
    batch, weighted = Batch(sequences), Batch(sequences, prompt_weight=0.1)
    prompt = sequences[0]["tokens"][:sequences[0]["promptLength"]]
    labels = [[5], [5, 9], [60, 61, 62], [96]]
    tensors = {"logits": batch.packed(batch.logits(model))}
    index = {
        "sequences": sequences,
        "loss": batch.loss(model).item(),
        "promptLossWeight": {"weight": 0.1, "loss": weighted.loss(model).item()},
        "greedy": {"prompt": prompt, "tokens": greedy(model, prompt)},
        "labels": {
            "prompt": prompt, "labels": labels, "scores": label_scores(model, prompt, labels),
        },
    }
    for parameter, gradient in gradients(model, batch.loss(model)).items():
        tensors["gradient." + parameter] = gradient

    initial = {key: value.clone() for key, value in model.state_dict().items()}
    index["full"] = {**FULL, **train(model, batch, **FULL)}
    model.load_state_dict(initial)

    adapted = with_adapter(model, projections, generator)
    adapted.save_pretrained(folder / "adapter")
    tidy_adapter(folder / "adapter")
    lora = {**LORA, "rank": 4, "alpha": 8, "projections": projections}
    tensors["lora.logits"] = batch.packed(batch.logits(adapted))
    found = adapter_names(adapted, gradients(adapted, batch.loss(adapted)))
    tensors.update({"lora.gradient." + key: value for key, value in found.items()})
    index["lora"] = {**lora, **train(adapted, batch, **LORA)}
    found = adapter_names(adapted, {})
    tensors.update({"lora.final." + key: value for key, value in found.items()})
    unmerged = batch.packed(batch.logits(adapted))
    tensors["merged.logits"] = batch.packed(batch.logits(adapted.merge_and_unload()))
    difference = (unmerged - tensors["merged.logits"]).abs().max().item()
    if difference > 1e-4:
        raise SystemExit(f"{name}: merging changed a logit by {difference}")

    save_file(contiguous(tensors), folder / "reference.safetensors")
    for path in folder.rglob("*.safetensors"):
        path.chmod(0o644)
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in index.items())
    (folder / "reference.json").write_text(f"{{\n{lines}\n}}\n")
    print(
        f"{name}: loss {index['loss']:.4f}, full {index['full']['losses'][-1]:.4f}, "
        f"lora {index['lora']['losses'][0]:.4f} to {index['lora']['losses'][-1]:.4f}"
    )


def tidy_adapter(folder):
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    config["base_model_name_or_path"] = ""
    config["target_modules"] = sorted(config["target_modules"])
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def main(target):
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for seed, (name, make, projections) in enumerate(models(), start=11):
        write(name, make, projections, target / name, seed)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).parent)

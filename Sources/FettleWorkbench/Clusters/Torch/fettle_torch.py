"""Trains a LoRA adapter for Fettle on the workers of a Ray cluster, or of torchrun.

The folder of this file holds the order and the rows; each worker reads its own copy of them. What happens is printed
as lines "FTEVENT {json}". Every worker holds the whole adapter and takes its share of each step's examples; the
gradients are summed, so that the update is that of one worker with all of them.
"""

import base64
import dataclasses
import hashlib
import io
import json
import math
import os
import pathlib
import platform
import signal
import socket
import sys
import tempfile
import threading
import time

try:
    import numpy
    import torch
    import torch.distributed as dist
    from torch.nn import functional
    ABSENT = None
except ImportError as error:
    ABSENT = error

FOLDER = pathlib.Path(__file__).resolve().parent
CHECKPOINT_SECONDS = float(os.environ.get("FETTLE_CHECKPOINT_SECONDS", 30))
CHUNK_BYTES = 36 * 1024
MAX_FAILURES = 3
# How the names of an adapter's tensors begin in PEFT's files.
PEFT_PREFIX = "base_model.model."
ROOM_SECONDS = 15
# Events that end a job, and the exit status of its program.
ENDS = {"succeeded": 0, "failed": 1}
PACKAGES = (
    "pip install torch transformers peft accelerate safetensors; on Ray also pandas pyarrow, for 4 bits bitsandbytes, "
    "for a .gguf file gguf"
)


class Failure(Exception):
    """What would fail again in the same way, however often the job is started."""

    def __init__(self, code, message, *hints):
        super().__init__(message)
        self.code, self.message, self.hints = code, message, list(hints)

    def event(self):
        return {"event": "failed", "code": self.code, "message": self.message, "hints": self.hints}


def failure_of(error):
    """The failure that an exception is; None for one that another attempt may not meet, such as a lost worker."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, ImportError):
        what = f"the package {error.name} is missing" if error.name else " ".join(str(error).split())
        return Failure("missing-package", f"{what} on {socket.gethostname()}", PACKAGES)
    if isinstance(error, FileNotFoundError):
        return Failure("missing-file", f"{error.filename} is missing on {socket.gethostname()}")
    if isinstance(error, PermissionError):
        return Failure("no-permission", f"{error.filename} cannot be read or written on {socket.gethostname()}")
    if isinstance(error, MemoryError) or ABSENT is None and isinstance(error, torch.OutOfMemoryError):
        return Failure(
            "out-of-memory", "the memory of a worker is too small for the model and its examples",
            "take a smaller batch size", "load the model with 4 bits, or divide it among more workers",
        )
    if isinstance(error, (ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError,
                          TypeError, ValueError)):
        return Failure("training-program", f"{type(error).__name__}: {error}"[:2000])
    return None


# The job


def fetch_files():
    """Fetches the large files to this machine, where the job has them from a server."""
    if (FOLDER / "fettle_fetch.py").exists():
        import fettle_fetch
        fettle_fetch.fetch_all()


@dataclasses.dataclass
class Example:
    tokens: list
    trained: list
    weight: float

    def weights(self, prompt_weight):
        """How much each token counts in the loss; the first one follows nothing."""
        weights = [prompt_weight] * len(self.tokens)
        for start, end in self.trained:
            weights[start:end] = [1.0] * (end - start)
        return [0.0] + weights[1:]


def rows_of(name):
    with (FOLDER / name).open("rb") as lines:
        return [json.loads(line) for line in lines]


class Job:
    """The order and its rows."""

    def __init__(self):
        fetch_files()
        self.order = order_of()
        self.training, self.adapter = self.order["training"], self.order["adapter"]
        self.examples = [Example(row["tokens"], row["trained"], row["weight"]) for row in rows_of("train.jsonl")]
        self.steps = rows_of("steps.jsonl")
        measures = self.order["measured_steps"]
        # Nothing says what the first token of all is.
        self.validation = [row for row in rows_of("validation.jsonl") if row["prompt"]] if measures else []
        self.measured_steps = set(measures) if self.validation else set()
        self.labels = [label["tokens"] for label in self.order["labels"]]
        self.tokens = sum(len(example.tokens) for example in self.examples)
        self.steps_per_epoch = max(len(self.steps) // self.training["epochs"], 1)

    def digest(self):
        """What a checkpoint has to agree with: all that changes the numbers, but not where it is computed."""
        parts = [self.training, self.adapter, self.order["measured_steps"], self.labels, self.order["load"]]
        digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
        for name in ("train.jsonl", "steps.jsonl"):
            digest.update((FOLDER / name).read_bytes())
        return digest.hexdigest()

    def rate(self, step):
        """The learning rate of the update after `step` others."""
        training = self.training
        warmup = training["warmup_steps"]
        progress = (step - warmup) / max(len(self.steps) - warmup, 1)
        if step < warmup:
            factor = step / max(warmup, 1)
        elif training["schedule"] == "linear":
            factor = max(0.0, 1 - progress)
        elif training["schedule"] == "cosine":
            factor = max(0.0, 0.5 * (1 + math.cos(math.pi * progress)))
        else:
            factor = 1.0
        return training["learning_rate"] * factor

    def elapsed(self, step):
        """Examples and tokens that were learned from after so many steps."""
        epochs, steps = divmod(step, self.steps_per_epoch)
        count = len(self.examples)
        examples = epochs * count + min(steps * self.training["batch_size"], count)
        return examples, int(examples / max(count, 1) * self.tokens)


def order_of():
    if not (FOLDER / "order.json").exists():
        fetch_files()
    try:
        order = json.loads((FOLDER / "order.json").read_bytes())
    except ValueError as error:
        raise Failure("bad-order", f"order.json cannot be read: {error}")
    if order.get("version") != 1:
        raise Failure("bad-order", f"order.json is of version {order.get('version')}; this program reads version 1")
    return order


# Where events and checkpoints go


def line_of(event, run):
    """An event's line; JSON has no number for NaN or the infinities."""
    known = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in event.items()
    }
    return "FTEVENT " + json.dumps({"event": known.pop("event"), "run": run, **known}, allow_nan=False) + "\n"


def write(line):
    data = line.encode()
    while data:
        data = data[os.write(1, data):]


def write_file(path, data):
    """Whole or not at all, also for readers on other machines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class Outlet:
    """What a worker says and keeps."""

    def __init__(self, order):
        self.run = order["run"]
        folder = order["checkpoints"]
        self.path = folder and pathlib.Path(folder) / f"{self.run}.torch"

    def say(self, event):
        write(line_of(event, self.run))

    def message(self, text, level="info"):
        self.say({"event": "message", "level": level, "text": text})

    def keep(self, data):
        """Keeps a checkpoint in the shared folder, with a digest before it; training goes on without one."""
        try:
            if self.path:
                write_file(self.path, hashlib.sha256(data).digest() + data)
        except OSError as error:
            self.message(f"a checkpoint cannot be kept: {error}", "warn")

    def forget(self):
        """Removes what only an attempt that did not succeed goes on from."""
        if self.path:
            self.path.unlink(missing_ok=True)

    def kept(self):
        if not self.path or not self.path.exists():
            return None
        data = self.path.read_bytes()
        if hashlib.sha256(data[32:]).digest() == data[:32]:
            return data[32:]
        self.message("the checkpoint is damaged: training begins again", "warn")
        return None


class StoreOutlet(Outlet):
    """Of a worker of torchrun: prints; of many that fail only the first says why."""

    def __init__(self, order, store):
        super().__init__(order)
        self.store = store

    def fail(self, failure):
        if self.store.add("fettle/failed", 1) == 1:
            self.say(failure.event())
            self.store.set("fettle/said", "1")
        else:
            # torchrun ends all workers with the first that ends.
            self.store.wait(["fettle/said"])
        sys.exit(1)


class SinkOutlet(Outlet):
    """Of a worker of Ray: the driver's sink prints, and keeps checkpoints for the next group of workers."""

    def __init__(self, order, sink):
        super().__init__(order)
        self.sink = sink

    def say(self, event):
        import ray
        added = self.sink.add.remote(line_of(event, self.run), event["event"])
        if event["event"] in ENDS:
            ray.get(added)

    def keep(self, data):
        import ray
        super().keep(data)
        ray.get(self.sink.keep.remote(data))

    def kept(self):
        import ray
        return ray.get(self.sink.kept.remote()) or super().kept()

    def fail(self, failure):
        self.say(failure.event())


# The model


def load_settings(order, device):
    """The type of the base model's numbers, and how transformers loads them."""
    half = device.type == "cuda" and torch.cuda.is_bf16_supported()
    dtype = torch.bfloat16 if half else torch.float32
    if order["load"] != "4bit":
        return dtype, {}
    if order["parallel"] == "fsdp":
        raise Failure("four-bit-fsdp", "a model of 4 bits cannot be divided among workers", "take load=full or ddp")
    import bitsandbytes  # noqa: F401, so that a missing one is said by its name
    from transformers import BitsAndBytesConfig
    return dtype, {
        "device_map": {"": device},
        "quantization_config": BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        ),
    }


def load_model(order, device):
    """The base model on the CPU, or on the device where it has 4 bits."""
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils.logging import disable_progress_bar
    # The bars would stand before events on the same line.
    disable_progress_bar()
    model = order["model"]
    local = FOLDER / model["path"]
    path = str(local) if local.exists() else model["path"]
    if path.startswith("/") and not os.path.exists(path):
        raise Failure("missing-file", f"the model {path} is missing on {socket.gethostname()}")
    options = {"gguf_file": model["gguf_file"]} if model["gguf_file"] else {}
    dtype, settings = load_settings(order, device)
    try:
        config = AutoConfig.from_pretrained(path, **options)
        check_sizes(config.get_text_config(), model)
        loaded, found = AutoModelForCausalLM.from_pretrained(
            path, dtype=dtype, output_loading_info=True, **options, **settings
        )
    except (OSError, ValueError, KeyError) as error:
        raise Failure("bad-model", f"{path} cannot be loaded: " + " ".join(str(error).split())[:1000])
    if found["missing_keys"]:
        raise Failure("bad-model", f"{path} lacks weights, such as {sorted(found['missing_keys'])[0]}")
    return loaded


def check_sizes(config, model):
    found = {"vocabulary": config.vocab_size, "width": config.hidden_size, "layers": config.num_hidden_layers}
    for name, size in found.items():
        if size != model[name]:
            raise Failure(
                "other-model", f"the {name} of the model on the cluster is {size}, and of the one here {model[name]}",
                "take the same model on both sides",
            )


def check_modules(model, adapter):
    known = dict(model.named_modules())
    for module in adapter["modules"]:
        found = known.get(module["name"])
        sizes = (getattr(found, "in_features", None), getattr(found, "out_features", None))
        if sizes != (module["inputs"], module["outputs"]):
            raise Failure(
                "other-model",
                f"the model on the cluster has no {module['name']} of {module['inputs']} inputs and "
                f"{module['outputs']} outputs",
            )


def uniform(seed, start, count):
    """Values `start` and following of SplitMix64, as float32 in [0, 1)."""
    places = numpy.arange(start + 1, start + count + 1, dtype=numpy.uint64)
    z = numpy.uint64(seed) + places * numpy.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    z ^= z >> numpy.uint64(31)
    return (z >> numpy.uint64(40)).astype(numpy.float32) * numpy.float32(2.0 ** -24)


def drawn(job):
    """The adapter before training: of each module A [rank, inputs] from the seed, and B [outputs, rank] zero."""
    rank, start, tensors = job.adapter["rank"], 0, {}
    for module in job.adapter["modules"]:
        count = rank * module["inputs"]
        bound = numpy.float32(1) / numpy.sqrt(numpy.float32(module["inputs"]))
        unit = uniform(int(job.training["seed"]), start, count)
        values = (unit * numpy.float32(2) - numpy.float32(1)) * bound
        tensors[module["name"] + ".lora_A.weight"] = torch.from_numpy(values.reshape(rank, -1))
        tensors[module["name"] + ".lora_B.weight"] = torch.zeros(module["outputs"], rank)
        start += count
    return tensors


def first_tensors(job):
    if not job.adapter["start"]:
        return drawn(job)
    from safetensors.torch import load_file
    found = load_file(FOLDER / job.adapter["start"])
    return {name.removeprefix(PEFT_PREFIX): tensor for name, tensor in found.items()}


class Adapter:
    """The adapter's numbers and gradients, each one vector that the modules' matrices are views of."""

    def __init__(self, model, job, device):
        self.parameters = {}
        for module in job.adapter["modules"]:
            found = model.get_submodule(module["name"])
            for part in ("lora_A", "lora_B"):
                self.parameters[f"{module['name']}.{part}.weight"] = getattr(found, part)["default"].weight
        first = first_tensors(job)
        for name, parameter in self.parameters.items():
            if name not in first or first[name].shape != parameter.shape:
                raise Failure("bad-adapter", f"the adapter to go on from has no {name} of the order's size")
        flat = torch.cat([first[name].float().flatten() for name in self.parameters])
        self.values = torch.nn.Parameter(flat.to(device))
        self.gradients = torch.zeros_like(self.values)
        self.values.grad = self.gradients
        start = 0
        for parameter in self.parameters.values():
            part = slice(start, start + parameter.numel())
            shape, start = parameter.shape, part.stop
            parameter.data = self.values.data[part].view(shape)
            parameter.grad = self.gradients[part].view(shape)

    def file(self):
        """As safetensors, with PEFT's names."""
        from safetensors.torch import save
        return save({
            PEFT_PREFIX + name: value.detach().cpu().contiguous().clone() for name, value in self.parameters.items()
        })


def divide(model, adapter, layers, device):
    """Divides the base model's numbers among the workers, layer by layer; the adapter stays whole everywhere."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    options = {
        "mesh": init_device_mesh(device.type, (dist.get_world_size(),)),
        "ignored_params": set(adapter.parameters.values()),
    }
    lists = [part for part in model.modules() if isinstance(part, torch.nn.ModuleList) and len(part) == layers]
    for layer in lists[0]:
        fully_shard(layer, **options)
    fully_shard(model, **options)


class Network:
    """The adapted model, which computes the logits of chosen places only."""

    def __init__(self, job, device):
        from peft import LoraConfig, get_peft_model
        order, settings = job.order, job.adapter
        base = load_model(order, device)
        self.dtype = base.dtype
        check_modules(base, settings)
        self.model = get_peft_model(base, LoraConfig(
            r=settings["rank"], lora_alpha=settings["alpha"], lora_dropout=settings["dropout"], bias="none",
            target_modules=[module["name"] for module in settings["modules"]], task_type="CAUSAL_LM",
        ))
        self.device = device
        self.adapter = Adapter(base, job, device)
        if order["parallel"] == "fsdp":
            divide(base, self.adapter, order["model"]["layers"], device)
        elif order["load"] != "4bit":
            self.model.to(device)
        self.chosen = None
        base.get_output_embeddings().register_forward_pre_hook(self.choose)

    def choose(self, module, inputs):
        """Of the hidden states [count, longest, width] those of the chosen places, [chosen, width]."""
        return (inputs[0][self.chosen], *inputs[1:])

    def logits(self, sequences, chosen):
        """Those of the tokens after the chosen places (bool [count, longest]), row by row: [chosen, vocabulary]."""
        tokens, mask = padded(sequences, torch.long), padded([[1] * len(row) for row in sequences], torch.long)
        self.chosen = chosen.to(self.device)
        found = self.model(
            input_ids=tokens.to(self.device), attention_mask=mask.to(self.device), use_cache=False
        )
        return found.logits.float()


def padded(rows, dtype):
    """The rows filled up with zeros at the right, [count, longest]."""
    longest = max(len(row) for row in rows)
    return torch.tensor([list(row) + [0] * (longest - len(row)) for row in rows], dtype=dtype)


# Training


class Best:
    """The best measurement, as Fettle chooses it: of equal ones the first."""

    def __init__(self):
        self.step, self.cost, self.since, self.values = 0, math.inf, 0, None

    def add(self, cost, step, values):
        if cost < self.cost:
            self.step, self.cost, self.since, self.values = step, cost, 0, values
        else:
            self.since += 1


class Trainer:
    def __init__(self, job, outlet, device):
        self.job, self.outlet, self.device = job, outlet, device
        self.rank, self.world = dist.get_rank(), dist.get_world_size()
        self.network = Network(job, device)
        self.adapter = self.network.adapter
        training = job.training
        self.optimizer = torch.optim.AdamW(
            [self.adapter.values], lr=training["learning_rate"], betas=(training["beta1"], training["beta2"]),
            eps=training["epsilon"], weight_decay=training["weight_decay"],
        )
        self.best, self.step = Best(), 0
        self.digest = job.digest()
        self.kept_at = time.monotonic()

    def say(self, event, **values):
        """Said once, by the first worker."""
        if self.rank == 0:
            self.outlet.say({"event": event, **values})

    def total(self, tensor):
        """The sum over all workers, the same on each."""
        dist.all_reduce(tensor)
        return tensor

    def run(self):
        self.restore()
        self.introduce()
        while self.step < len(self.job.steps) and not self.has_stopped():
            self.update()
        self.finish()

    def has_stopped(self):
        patience = self.job.training["patience"]
        return patience is not None and self.best.since >= patience

    def introduce(self):
        pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        self.say(
            "start", version=f"torch {torch.__version__}", cores=os.cpu_count(), memory=pages,
            glibc=platform.libc_ver()[1], step=self.step,
        )
        kind = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "CPU"
        numbers = "4 bits" if self.job.order["load"] == "4bit" else str(self.network.dtype).removeprefix("torch.")
        parts = [f"{self.world} worker{'s' * (self.world > 1)}", kind, numbers, dist.get_backend()]
        if self.job.order["parallel"] == "fsdp":
            parts.append("the base model divided among them")
        self.say("setting", name="device", value=", ".join(parts), reason=None)

    # A step

    def update(self):
        """One weight update, and what belongs after it."""
        job = self.job
        loss, accuracy = self.gradient(job.steps[self.step])
        norm = self.adapter.gradients.norm()
        if not (math.isfinite(loss) and math.isfinite(norm.item())):
            raise Failure(
                "training-diverged", f"the loss of step {self.step + 1} is no number any more",
                f"take a smaller learning rate; it is {job.training['learning_rate']:g}",
            )
        if job.training["clip_norm"] is not None:
            self.adapter.gradients.mul_((job.training["clip_norm"] / (norm + 1e-6)).clamp(max=1))
        self.optimizer.param_groups[0]["lr"] = job.rate(self.step)
        self.optimizer.step()
        self.step += 1
        measured = self.measure() if self.step in job.measured_steps else {}
        examples, tokens = job.elapsed(self.step)
        self.say(
            "metric", step=self.step, total_steps=len(job.steps), elapsed_examples=examples, elapsed_tokens=tokens,
            training_loss=loss, training_accuracy=accuracy, **measured, share=self.step / len(job.steps),
        )
        self.end_of_step()

    def end_of_step(self):
        epoch, rest = divmod(self.step, self.job.steps_per_epoch)
        if rest == 0:
            self.say("epoch", epoch=epoch, epochs=self.job.training["epochs"], step=self.step)
        if rest == 0 or time.monotonic() - self.kept_at >= CHECKPOINT_SECONDS:
            self.keep()

    def gradient(self, step):
        """Makes the gradients those of the whole step; returns its loss and the share of examples that were right."""
        job = self.job
        prompt_weight = job.training["prompt_loss_weight"]
        total = sum(sum(job.examples[index].weights(prompt_weight)) for index in step)
        mine = step[self.rank::self.world]
        # A worker without examples takes part with one that counts nothing: others wait for it.
        factor = 1 / (total or 1) if mine else 0.0
        examples = [job.examples[index] for index in mine or step[:1]]
        seed = int(job.training["seed"]) * 1_000_003 + self.step * self.world + self.rank
        torch.manual_seed(seed % 2 ** 63)
        self.network.model.train()
        self.adapter.gradients.zero_()
        loss, right = self.loss(examples, factor)
        loss.backward()
        self.total(self.adapter.gradients)
        sums = torch.tensor([loss.item(), right * bool(mine)], dtype=torch.float64, device=self.device)
        loss, right = self.total(sums).tolist()
        return loss, right / max(len(step), 1)

    def loss(self, examples, factor):
        """The examples' weighted loss times the factor, and of how many examples all tokens were right."""
        prompt_weight = self.job.training["prompt_loss_weight"]
        weights = padded([example.weights(prompt_weight) for example in examples], torch.float)[:, 1:]
        trained = padded([example.weights(0.0) for example in examples], torch.float)[:, 1:] > 0
        tokens = padded([example.tokens for example in examples], torch.long)[:, 1:]
        chosen = weights > 0
        # The logits of a token come from the place before it; nothing follows the last place.
        logits = self.network.logits(
            [example.tokens for example in examples], functional.pad(chosen, (0, 1))
        )
        expected = tokens[chosen].to(self.device)
        weights = weights * torch.tensor([[example.weight] for example in examples])
        losses = functional.cross_entropy(logits, expected, reduction="none")
        wrong = (logits.argmax(-1) != expected).cpu() & trained[chosen]
        owners = chosen.nonzero()[:, 0][wrong].unique()
        return (losses * weights[chosen].to(self.device)).sum() * factor, len(examples) - len(owners)

    # Validation

    def measure(self):
        """The validation figures; every worker has the same."""
        job = self.job
        wanted = [job.labels or [row["completion"]] for row in job.validation]
        scores = self.scores([row["prompt"] for row in job.validation], wanted)
        if job.labels:
            answers = [row["answer"] for row in job.validation]
            figures = label_figures(scores, answers, [len(label) for label in job.labels])
        else:
            count = sum(len(row["completion"]) for row in job.validation)
            figures = {"loss": -sum(score for score, in scores) / max(count, 1)}
        if job.training["keeps_best"] or job.training["patience"] is not None:
            by = job.training["best_by"]
            cost = figures["loss"] if by == "loss" else -figures.get(by, -math.inf)
            self.best.add(cost, self.step, self.adapter.values.detach().clone())
        return {f"validation_{name}": value for name, value in figures.items() if name != "macro_f1"}

    def scores(self, prompts, wanted):
        """The log probability of each wanted list of tokens after its prompt; as many lists for each."""
        found = torch.zeros(len(prompts), len(wanted[0]), dtype=torch.float64)
        tasks = [
            Branch(row, prompts[row], branch, places)
            for row, lists in enumerate(wanted) for branch, places in branches(lists).items()
        ]
        tasks.sort(key=lambda task: len(task.tokens))
        self.network.model.eval()
        size = self.job.training["batch_size"]
        for start in range(0, len(tasks), size * self.world):
            mine = tasks[start + self.rank:start + size * self.world:self.world]
            # As in training, every worker takes part.
            for task, logs in zip(mine, self.logs(mine or tasks[:1])):
                for place in task.places:
                    tokens = wanted[task.row][place]
                    found[task.row, place] = logs[range(len(tokens)), tokens].double().sum()
        return self.total(found.to(self.device)).tolist()

    def logs(self, tasks):
        """The log probabilities after each task's prompt and tokens of its branch, [1 + branch, vocabulary]."""
        chosen = torch.zeros(len(tasks), max(len(task.tokens) for task in tasks), dtype=torch.bool)
        for place, task in enumerate(tasks):
            chosen[place, len(task.prompt) - 1:len(task.tokens)] = True
        with torch.no_grad():
            logits = self.network.logits([task.tokens for task in tasks], chosen)
        return logits.log_softmax(-1).cpu().split([1 + len(task.branch) for task in tasks])

    # Checkpoints

    def keep(self):
        self.kept_at = time.monotonic()
        if self.rank > 0:
            return
        file = io.BytesIO()
        torch.save({
            "digest": self.digest, "step": self.step, "values": self.adapter.values.detach(),
            "optimizer": self.optimizer.state_dict(), "best": vars(self.best),
        }, file)
        self.outlet.keep(file.getvalue())

    def restore(self):
        """Goes on from the checkpoint that the first worker finds; the others need not reach it."""
        held = [self.outlet.kept() if self.rank == 0 else None]
        dist.broadcast_object_list(held, src=0, device=self.device)
        if held[0] is None:
            return
        state = torch.load(io.BytesIO(held[0]), map_location=self.device, weights_only=True)
        if state["digest"] != self.digest:
            if self.rank == 0:
                self.outlet.message("the checkpoint is of another order: training begins again", "warn")
            return
        self.step = state["step"]
        self.adapter.values.data.copy_(state["values"])
        self.optimizer.load_state_dict(state["optimizer"])
        vars(self.best).update(state["best"])

    # The end

    def finish(self):
        if self.rank > 0:
            return
        best, training = self.best, self.job.training
        low = training["best_by"] == "loss"
        figure = "validation " + training["best_by"].replace("macro_f1", "macro F1")
        if self.has_stopped() and self.step < len(self.job.steps):
            self.say(
                "setting", name="stopped", value=f"after step {self.step:,} of {len(self.job.steps):,}",
                reason=f"{best.since} measurement{'s' * (best.since > 1)} without a "
                       f"{'smaller' if low else 'higher'} {figure}",
            )
        if training["keeps_best"] and best.step > 0:
            self.adapter.values.data.copy_(best.values)
            text = f"{best.cost:.3f}" if low else f"{-best.cost:.1%}"
            self.say(
                "setting", name="keep", value=f"best, of step {best.step:,}",
                reason=f"the {'smallest' if low else 'highest'} {figure}, {text}",
            )
        self.deliver(self.adapter.file())

    def deliver(self, data):
        folder = self.job.order["results"]
        if folder:
            write_file(pathlib.Path(folder) / "adapter", data)
        else:
            count = -(-len(data) // CHUNK_BYTES)
            for index in range(count):
                piece = data[index * CHUNK_BYTES:(index + 1) * CHUNK_BYTES]
                text = base64.b64encode(piece).decode()
                self.say("chunk", name="adapter", index=index, count=count, base64=text)
        digest = hashlib.sha256(data).hexdigest()
        self.say("succeeded", files=[{"name": "adapter", "bytes": len(data), "sha256": digest, "folder": folder}])
        self.outlet.forget()


@dataclasses.dataclass
class Branch:
    """Tokens after a row's prompt, and the places of the lists that can be scored along them."""
    row: int
    prompt: list
    branch: tuple
    places: list

    @property
    def tokens(self):
        return self.prompt + list(self.branch)


def branches(lists):
    """What has to follow a prompt to score all lists: their tokens but the last ones, without those that begin others.

    Of each the places of the lists that are scored there; of labels of one token all are after the prompt itself.
    """
    found = {}
    for place in sorted(range(len(lists)), key=lambda place: -len(lists[place])):
        start = tuple(lists[place][:-1])
        branch = next((known for known in found if known[:len(start)] == start), start)
        found.setdefault(branch, []).append(place)
    return found


def label_figures(scores, answers, lengths):
    """Loss, accuracy and macro F1 of the likeliest labels; a row whose answer is no label is wrong."""
    guesses = [max(range(len(row)), key=row.__getitem__) for row in scores]
    known = [(row, answer) for row, answer in zip(scores, answers) if answer is not None]
    loss = -sum(row[answer] for row, answer in known) / max(sum(lengths[answer] for _, answer in known), 1)
    pairs = list(zip(guesses, answers))
    shares = []
    for label in {place for pair in pairs for place in pair}:
        hits = sum(pair == (label, label) for pair in pairs)
        shares.append(2 * hits / sum((guess == label) + (answer == label) for guess, answer in pairs))
    return {
        "loss": loss,
        "accuracy": sum(guess == answer for guess, answer in pairs) / max(len(pairs), 1),
        "macro_f1": sum(shares) / max(len(shares), 1),
    }


def device_of(order, index):
    if not order["gpus"]:
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise Failure("no-gpu", f"PyTorch finds no GPU on {socket.gethostname()}", "take gpus=0")
    return torch.device("cuda", torch.cuda.current_device() if index is None else index)


def train(outlet, index):
    """What each worker does; `index` is its GPU, None for the current one."""
    try:
        job = Job()
        torch.set_num_threads(max(int(job.order["cpus"]), 1))
        device = device_of(job.order, index)
        if device.type == "cuda":
            torch.cuda.set_device(device)
        Trainer(job, outlet, device).run()
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        outlet.fail(failure)


# torchrun


def start_torchrun(order):
    """Becomes torchrun, which starts the workers; a machine without PyTorch was told of before."""
    os.execv(sys.executable, [
        sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={order['workers']}",
        str(FOLDER / pathlib.Path(__file__).name),
    ])


def torchrun_worker(order):
    store, rank, world = next(dist.rendezvous("env://"))
    backend = "nccl" if order["gpus"] and torch.cuda.is_available() else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=world)
    train(StoreOutlet(order, dist.PrefixStore("fettle", store)), int(os.environ["LOCAL_RANK"]))
    dist.barrier()
    dist.destroy_process_group()
    return 0


# Ray


class Sink:
    """An actor on the driver's machine: it outlives every group of workers."""

    def __init__(self):
        self.lines, self.data = [], None

    def add(self, line, kind):
        self.lines.append((line, kind))

    def take(self):
        taken, self.lines = self.lines, []
        return taken

    def keep(self, data):
        self.data = data

    def kept(self):
        return self.data


def ray_worker(settings):
    """Runs in each worker, which has its own copy of the job's folder."""
    if ABSENT:
        raise ABSENT
    train(SinkOutlet(order_of(), settings["sink"]), None)


def resources(order):
    """Of each worker."""
    return {name: count for name, count in (("CPU", order["cpus"]), ("GPU", order["gpus"])) if count}


def has_room(order, count):
    """Whether so many workers find their places on the cluster within a while."""
    from ray.util import placement_group, remove_placement_group
    group = placement_group([resources(order)] * count)
    try:
        return group.wait(ROOM_SECONDS)
    finally:
        remove_placement_group(group)


def workers_of(order, outlet, is_again):
    """How many workers to start, once there is room for them: after a loss as many as the machines left can hold."""
    import ray
    while not has_room(order, order["workers"]):
        outlet.message(f"waits until the cluster has room for {order['workers']} workers")
        left = sum(
            int(min(node["Resources"].get(name, 0) // count for name, count in resources(order).items()))
            for node in ray.nodes() if node["Alive"]
        )
        if is_again and 0 < left < order["workers"] and has_room(order, left):
            return left
    return order["workers"]


def fit(order, sink, storage):
    """Runs groups of workers until one comes to the end; each goes on from the checkpoint of the one before.

    The groups are of fixed sizes: an elastic one of Ray Train counts what jobs that have just ended had reserved.
    """
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchTrainer
    outlet = SinkOutlet(order, sink)
    for failures in range(MAX_FAILURES + 1):
        count = workers_of(order, outlet, failures > 0)
        trainer = TorchTrainer(
            ray_worker,
            train_loop_config={"sink": sink},
            scaling_config=ScalingConfig(
                num_workers=count, use_gpu=order["gpus"] > 0, resources_per_worker=resources(order)
            ),
            # Only the driver's machine writes there: workers hand their checkpoints to the sink.
            run_config=RunConfig(
                name=f"{order['run']}-{failures}", storage_path=storage,
                failure_config=FailureConfig(max_failures=0, controller_failure_limit=1),
            ),
        )
        try:
            trainer.fit()
            return
        except Exception as error:
            # Neither a missing package nor a link that leads nowhere is another in the next group.
            if failures == MAX_FAILURES or any(name in str(error) for name in ("ModuleNotFoundError", "NotFetched")):
                raise
            outlet.message(f"workers were lost, so that all start again: {reason(error)}", "warn")


def reason(error):
    """The last line of what Ray says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # What follows are guesses at the causes of every such end.
    return lines[-1].split(" Worker exit type:")[0][:500] if lines else type(error).__name__


def drive(order):
    """Runs the workers, prints what they say, and ends the process with the first that says how it ended."""
    # Read by Ray Train: the workers stay where they are, instead of moving to a folder of the run.
    os.environ.setdefault("RAY_CHDIR_TO_TRIAL_DIR", "0")
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
    ray.init(log_to_driver=False)
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(128 + number))
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    sink = ray.remote(num_cpus=0)(Sink).options(name=f"fettle-{order['run']}", scheduling_strategy=here).remote()
    errors = []

    def run():
        try:
            fit(order, sink, storage)
        except Exception as error:
            errors.append(error)

    with tempfile.TemporaryDirectory(prefix="fettle-torch.") as storage:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        status = drain(sink, thread)
    if status is None:
        status = explain(order, errors)
    # Ray ends the workers when the driver is gone; to wait for each of them takes seconds.
    os._exit(status)


def drain(sink, thread):
    """Prints until the end; returns the exit status, None where the workers were lost without one."""
    import ray
    while True:
        is_last = not thread.is_alive()
        for line, kind in ray.get(sink.take.remote()):
            write(line)
            if kind in ENDS:
                return ENDS[kind]
        if is_last:
            return None
        thread.join(0.2)


def explain(order, errors):
    """Says why there is no result; a package that is missing would be missing again."""
    error = errors[0] if errors else RuntimeError("they ended without a result")
    failure = failure_of(error)
    if "ModuleNotFoundError" in str(error):
        failure = Failure("missing-package", reason(error), PACKAGES)
    if failure:
        write(line_of(failure.event(), order["run"]))
    else:
        what = "a worker lacks a file" if "NotFetched" in str(error) else "the workers were lost too often"
        print(f"{what}: {reason(error)}", file=sys.stderr, flush=True)
    return 1


def main():
    run = None
    try:
        order = order_of()
        run = order["run"]
        if ABSENT:
            raise ABSENT
        if order["engine"] == "ray":
            return drive(order)
        if "RANK" not in os.environ:
            start_torchrun(order)
        return torchrun_worker(order)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        if int(os.environ.get("RANK", 0)) > 0:
            # The first worker of torchrun says it, and all are ended with the first that ends.
            time.sleep(5)
        else:
            write(line_of(failure.event(), run))
        return 1


if __name__ == "__main__":
    # As a module, so that Ray's workers import it from their own copy of the folder.
    import fettle_torch
    sys.exit(fettle_torch.main())

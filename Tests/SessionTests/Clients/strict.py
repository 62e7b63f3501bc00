"""Calls what the server offers with the newest client, which refuses any answer that does not have the API's shape.

Usage: strict.py TRAIN.jsonl VALIDATION.jsonl; the server is named by OPENAI_BASE_URL, and has a language model
with a chat template as `tiny`.
"""

import json
import sys
import time

import openai

train, validation = sys.argv[1:]
client = openai.OpenAI(_strict_response_validation=True, max_retries=0)
# For what the API answers against its own types: a job that is paused, and chunks before the last.
loose = openai.OpenAI(max_retries=0)


def refused(kind, call, **facts):
    try:
        call()
    except kind as error:
        for name, value in facts.items():
            found = getattr(error, name)
            assert found == value, (name, found, value)
        return
    raise AssertionError(f"{kind.__name__} was expected")


# Files, and pages of them.
first = client.files.create(file=open(train, "rb"), purpose="fine-tune")
second = client.files.create(file=open(validation, "rb"), purpose="fine-tune")
assert client.files.retrieve(first.id).bytes == len(open(train, "rb").read())
assert client.files.content(first.id).read() == open(train, "rb").read()
assert [file.id for file in client.files.list(limit=1)][:2] == [second.id, first.id]
assert client.files.list(limit=1).has_more
assert client.files.wait_for_processing(first.id).status == "processed"
print("files")

# A job to its end.
job = client.fine_tuning.jobs.create(
    model="gpt-4o-mini",
    training_file=first.id,
    validation_file=second.id,
    suffix="Strict",
    seed=3,
    metadata={"team": "a b"},
    method={
        "type": "supervised",
        "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 20}},
    },
    extra_headers={"Idempotency-Key": "once"},
)
again = client.fine_tuning.jobs.create(
    model="gpt-4o-mini", training_file=first.id, extra_headers={"Idempotency-Key": "once"}
)
assert again.id == job.id
while client.fine_tuning.jobs.retrieve(job.id).status not in ("succeeded", "failed", "cancelled"):
    time.sleep(0.1)
job = client.fine_tuning.jobs.retrieve(job.id)
assert job.status == "succeeded", job
assert job.fine_tuned_model.startswith("gpt-4o-mini:ft-personal:strict-"), job.fine_tuned_model
assert client.files.content(job.result_files[0]).text.startswith("step,")
print("job")

events = list(client.fine_tuning.jobs.list_events(job.id, limit=7))
assert len({event.id for event in events}) == len(events) > 14
assert events[0].message == "The job has successfully completed"
assert events[-1].message == f"Created fine-tuning job: {job.id}"
assert any(event.type == "metrics" for event in events)
checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id, limit=1))
assert checkpoints[0].fine_tuned_model_checkpoint == job.fine_tuned_model
print("events, checkpoints")

# Pages of jobs, and jobs that are stopped.
many = client.files.create(file=("many.jsonl", open(train, "rb").read() * 8), purpose="fine-tune")
long = client.fine_tuning.jobs.create(
    model="ada", training_file=many.id, hyperparameters={"n_epochs": 50, "batch_size": 1}
)
waiting = client.fine_tuning.jobs.create(model="ada", training_file=first.id)
assert loose.fine_tuning.jobs.pause(waiting.id).status == "paused"
assert client.fine_tuning.jobs.resume(waiting.id).status in ("queued", "running")
assert client.fine_tuning.jobs.cancel(long.id).status == "cancelled"
ids = [entry.id for entry in client.fine_tuning.jobs.list(limit=1)]
assert ids[:3] == [waiting.id, long.id, job.id]
tagged = client.fine_tuning.jobs.list(metadata={"team": "a b"})
assert [entry.id for entry in tagged] == [job.id]
print("jobs")

# Models.
model = job.fine_tuned_model
names = {entry.id for entry in client.models.list()}
assert {"ada", "gpt-4o-mini", "ngram", model} <= names
assert client.models.retrieve(model).id == model
print("models")

# Completions.
prompt = "I love it, works great\n\n###\n\n"
answer = client.completions.create(
    model=model, prompt=prompt, max_tokens=1, temperature=0, logprobs=5, n=2, seed=1, stop=["\n"]
)
assert [choice.index for choice in answer.choices] == [0, 1]
likely = answer.choices[0].logprobs.top_logprobs[0]
assert len(likely) == 5 and max(likely, key=likely.get) == answer.choices[0].text
assert answer.choices[0].logprobs.text_offset == [len(prompt)]
assert answer.usage.total_tokens == answer.usage.prompt_tokens + 2
echo = client.completions.create(model=model, prompt=[prompt, "b"], echo=True, temperature=0)
assert [choice.text[: len(text)] for choice, text in zip(echo.choices, (prompt, "b"))] == [prompt, "b"]
chunks = list(
    loose.completions.create(
        model=model, prompt=prompt, temperature=0, stream=True, stream_options={"include_usage": True}
    )
)
assert "".join(chunk.choices[0].text for chunk in chunks[:-1]) == answer.choices[0].text
assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 1
print("completions")

messages = [{"role": "user", "content": prompt}]
chat = client.chat.completions.create(
    model=model, messages=messages, temperature=0, logprobs=True, top_logprobs=3
)
assert chat.choices[0].message.content == answer.choices[0].text
assert len(chat.choices[0].logprobs.content[0].top_logprobs) == 3
chunks = list(
    client.chat.completions.create(
        model=model, messages=messages, temperature=0, stream=True, stream_options={"include_usage": True}
    )
)
text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
assert text == answer.choices[0].text
assert chunks[-1].usage.total_tokens == chat.usage.total_tokens
print("chat")

# A model that writes freely.
text = "the thing"
asked = dict(model="tiny", prompt=text, max_tokens=6, seed=1)
written = client.completions.create(**asked, n=2, logprobs=3)
assert written.model == "tiny" and [choice.index for choice in written.choices] == [0, 1]
assert {choice.finish_reason for choice in written.choices} == {"length"}
told = written.choices[0].logprobs
assert len(told.tokens) == len(told.token_logprobs) == len(told.top_logprobs) == 6
assert told.text_offset[0] == len(text)
for token, logprob, top in zip(told.tokens, told.token_logprobs, told.top_logprobs):
    assert top[token] == logprob and 3 <= len(top) <= 4, (token, logprob, top)
assert written.usage.completion_tokens == 12
# The one place where the API violates its own types is the first token of a prompt.
scored = loose.completions.create(model="tiny", prompt=text, max_tokens=0, echo=True, logprobs=1)
told = scored.choices[0].logprobs
assert "".join(told.tokens) == scored.choices[0].text == text
assert told.token_logprobs[0] is None and max(told.token_logprobs[1:]) < 0
assert told.text_offset == [len("".join(told.tokens[:place])) for place in range(len(told.tokens))]
assert len(told.tokens) == scored.usage.prompt_tokens == written.usage.prompt_tokens
several = client.completions.create(model="tiny", prompt=[[5, 6], [7]], max_tokens=2, temperature=0)
assert len(several.choices) == 2 and several.usage.prompt_tokens == 3
single = client.completions.create(model="tiny", prompt=[7], max_tokens=2, temperature=0)
assert single.choices[0].text == several.choices[1].text
forced = client.completions.create(model="tiny", prompt=text, max_tokens=3, logit_bias={"7": 100})
assert len(set(forced.choices[0].text)) == 1
chunks = list(
    loose.completions.create(**asked, n=2, stream=True, stream_options={"include_usage": True})
)
for choice in written.choices:
    pieces = [piece for chunk in chunks[:-1] for piece in chunk.choices if piece.index == choice.index]
    assert "".join(piece.text for piece in pieces) == choice.text
    assert [piece.finish_reason for piece in pieces if piece.finish_reason] == ["length"]
assert chunks[-1].usage == written.usage
print("writing")

messages = [{"role": "system", "content": "Rate it."}, {"role": "user", "content": "lovely great item"}]
asked = dict(model="tiny", messages=messages, max_completion_tokens=5, seed=1)
chat = client.chat.completions.create(**asked, n=2, logprobs=True, top_logprobs=20)
for choice in chat.choices:
    told = choice.logprobs.content
    assert len(told) == 5 and all(len(token.top_logprobs) == 20 for token in told)
    said = b"".join(bytes(token.bytes) for token in told)
    assert said.decode(errors="replace") == choice.message.content
chunks = list(
    client.chat.completions.create(**asked, n=2, stream=True, stream_options={"include_usage": True})
)
for choice in chat.choices:
    pieces = [piece for chunk in chunks for piece in chunk.choices if piece.index == choice.index]
    assert "".join(piece.delta.content or "" for piece in pieces) == choice.message.content
assert chunks[-1].usage == chat.usage
print("conversing")

# It learns conversations, and its model answers in them.
words = ("awful broken", "lovely great", "plain okay")
lines = "".join(
    json.dumps(
        {
            "messages": [
                {"role": "system", "content": "Rate it."},
                {"role": "user", "content": f"{words[row % 3]} item {row}"},
                {"role": "assistant", "content": f"it is {words[row % 3]} {row}"},
            ]
        }
    )
    + "\n"
    for row in range(30)
)
learnt = client.files.create(file=("talk.jsonl", lines.encode()), purpose="fine-tune")
talk = client.fine_tuning.jobs.create(model="tiny", training_file=learnt.id, seed=2)
while client.fine_tuning.jobs.retrieve(talk.id).status not in ("succeeded", "failed", "cancelled"):
    time.sleep(0.1)
talk = client.fine_tuning.jobs.retrieve(talk.id)
assert talk.status == "succeeded", talk
spoken = client.chat.completions.create(
    model=talk.fine_tuned_model, messages=messages, max_completion_tokens=4, temperature=0
)
assert spoken.model == talk.fine_tuned_model and spoken.usage.completion_tokens <= 4
assert spoken.usage.prompt_tokens == chat.usage.prompt_tokens
print("learning to converse")

# What is refused, by the client's classes.
refused(
    openai.BadRequestError,
    lambda: client.completions.create(model="tiny", prompt=[267]),
    param="prompt",
)
refused(
    openai.BadRequestError,
    lambda: client.completions.create(model="tiny", prompt=[7] * 513),
    code="context_length_exceeded",
)
refused(
    openai.NotFoundError,
    lambda: client.completions.create(model="none", prompt="a"),
    code="model_not_found",
    body={
        "message": "The model `none` does not exist or you do not have access to it.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    },
)
refused(
    openai.NotFoundError,
    lambda: client.completions.create(model="ada", prompt="a"),
    code="model_not_found",
)
refused(
    openai.BadRequestError,
    lambda: client.completions.create(model=model, prompt=[1, 2]),
    param="prompt",
)
refused(
    openai.BadRequestError,
    lambda: client.fine_tuning.jobs.create(model="ada", training_file="train.jsonl"),
    param="training_file",
)
refused(openai.NotFoundError, lambda: client.files.retrieve("file-none"), param="id")
refused(
    openai.NotFoundError,
    lambda: client.fine_tuning.jobs.retrieve("ftjob-none"),
    code="fine_tune_not_found",
)
refused(openai.BadRequestError, lambda: client.fine_tuning.jobs.cancel(job.id))
refused(openai.PermissionDeniedError, lambda: client.models.delete("ada"), param="model")
print("errors")

assert client.models.delete(model).deleted
assert client.files.delete(second.id).deleted
refused(openai.NotFoundError, lambda: client.models.retrieve(model), param="model")
print("deletions")

"""Writes conversations and what transformers' `apply_chat_template` makes of them with each template.

    python3 Tests/FettleTokenizersTests/Reference/make_chats.py            (needs: pip install jinja2)
"""
import glob
import json
import os

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from strings import FRAGMENTS, Generator

HERE = os.path.dirname(os.path.abspath(__file__))


class Generation(Extension):
    """The tag that marks what the model says, which changes nothing that is printed."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_same"), [], [], body).set_lineno(line)

    def _same(self, caller):
        return caller()


class Refused(Exception):
    pass


def refuse(message):
    raise Refused(message)


def environment():
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                         extensions=[Generation, loopcontrols])
    made.filters["tojson"] = lambda value, ensure_ascii=False, indent=None: json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent)
    made.globals["raise_exception"] = refuse
    made.globals["strftime_now"] = lambda form: f"time {form}"
    return made


def text(generator):
    parts = [generator.any(FRAGMENTS["texts"]) for _ in range(generator.below(4))]
    parts += [generator.any(FRAGMENTS["spaces"][:8] + FRAGMENTS["marks"]) for _ in range(generator.below(3))]
    if generator.below(6) == 0:
        parts.insert(0, "<think>\nhm\n</think>\n\n")
    if generator.below(9) == 0:
        parts = ["<tool>", *parts, "</tool>"]
    return generator.any(["", " ", "\n"]) + " ".join(parts) + generator.any(["", " ", "\n\n"])


TOOL = {"type": "function", "function": {
    "name": "weather", "description": "Wie warm? <b>", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"], "empty": [], "none": {}}}}


def conversation(position):
    generator = Generator(position)
    messages = []
    if generator.below(2) == 0:
        messages.append({"role": "system", "content": text(generator)})
    for turn in range(generator.below(5) + 1):
        role = ["user", "assistant"][turn % 2]
        if generator.below(15) == 0:
            role = generator.any(["user", "assistant", "system", "tool"])
        message = {"role": role, "content": text(generator)}
        if role == "assistant" and generator.below(4) == 0:
            arguments = {"city": text(generator), "days": generator.below(9), "x": [1.5, None, True, 1e-7]}
            message["tool_calls"] = [{"type": "function", "function": {
                "name": "weather", "arguments": arguments}}] * (1 + (generator.below(8) == 0))
            if generator.below(2) == 0:
                message["content"] = None
        messages.append(message)
        if "tool_calls" in message:
            messages.append({"role": "tool", "content": generator.any(
                [text(generator), {"warm": True}, [1, 2]])})
    chat = {"messages": messages, "add_generation_prompt": generator.below(2) == 0,
            "bos_token": "<s>", "eos_token": "</s>"}
    if generator.below(4) == 0:
        chat["tools"] = [TOOL] * (1 + generator.below(2))
    if generator.below(8) == 0:
        chat["tools_in_user_message"] = False
    if generator.below(8) == 0:
        chat["builtin_tools"] = ["code_interpreter", "search", "maths"]
    return chat


def outcome(template, chat):
    try:
        return template.render(**{"tools": None, "documents": None, **chat})
    except Refused as refused:
        return f"refused: {refused}"
    except (jinja2.TemplateError, TypeError):
        return "failed"


def hashed(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & ((1 << 64) - 1)
    return f"{value:016x}"


def main():
    chats = [conversation(position) for position in range(200)]
    result = {"chats": chats, "outcomes": {}}
    counts = {}
    for path in sorted(glob.glob(os.path.join(HERE, "templates", "*.jinja"))):
        with open(path, encoding="utf-8") as file:
            template = environment().from_string(file.read())
        name = os.path.basename(path).removesuffix(".jinja")
        outcomes = [outcome(template, chat) for chat in chats]
        counts[name] = sum(text != "failed" and not text.startswith("refused") for text in outcomes)
        result["outcomes"][name] = [hashed(text.encode()) for text in outcomes]
        if os.environ.get("SHOW") == name:
            print(outcomes[int(os.environ["CHAT"])])
    print(counts)
    with open(os.path.join(HERE, "chats.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False, separators=(",", ":"))


main()

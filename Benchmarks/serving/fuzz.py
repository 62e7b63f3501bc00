"""Sends requests that nobody should send to every route of a server, and fails on a crash, a 5xx or a hang.

    python3 Benchmarks/serving/fuzz.py --count 100000 --seed 1

Each request is made of its number and the seed, so that `--only NUMBER` gives it again. What is right about an
answer is only its form: an HTTP status below 500, the four-key error object where the status is 400 or more, and
all of it within ten seconds.
"""

import argparse
import asyncio
import collections
import json
import random
import signal
import subprocess
import sys
import time
import urllib.parse

import served

PATIENCE = 10.0
MOST_FAILURES = 20
ODD_TEXTS = ["", " ", "\x00", "a" * 5000, "\u202e", "../../etc/passwd", "%2e%2e%2f", "' OR 1=1 --", "\U0001f600" * 9,
             "e\u0301", "\ud800", "{{x}}", "null", "-1", "NaN", "\r\nX: y", "<script>", "ada", "ngram", "\n\n###\n\n"]
ODD_NUMBERS = ["0", "-1", "1e400", "-1e400", "9223372036854775808", "-9223372036854775809", "1e-400", "0.1", "1.0",
               "2147483648", "NaN", "Infinity", "-0", "1E5", "01", "0x10", "1" * 400, "3.0"]
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO", "get", "PROPFIND"]


class Raw(str):
    """A number or word that goes into JSON as it is written."""


class Makers:
    """Makes values after the schemas of the API's document, right ones and wrong ones."""

    def __init__(self, document, names):
        self.schemas = document["components"]["schemas"]
        self.names = names

    def value(self, schema, r, depth=0):
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], r, depth)
        if "anyOf" in schema:
            return self.value(r.choice(schema["anyOf"]), r, depth)
        if "enum" in schema:
            return r.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            made = {}
            for name, part in schema.get("properties", {}).items():
                needed = name in schema.get("required", [])
                if needed or r.random() < 0.25:
                    made[name] = self.member(name, part, r, depth + 1)
            return made
        if kind == "array":
            return [self.value(schema.get("items", {}), r, depth + 1) for _ in range(r.choice([0, 1, 1, 2, 5]))]
        if kind == "integer":
            return r.randint(schema.get("minimum", -5), min(schema.get("maximum", 100), 1000))
        if kind == "number":
            return r.uniform(schema.get("minimum", 0), schema.get("maximum", 2))
        if kind == "boolean":
            return r.random() < 0.5
        if kind == "null":
            return None
        return r.choice(["text", "a b c ->", "word1 word2 ->", "1"])

    def member(self, name, schema, r, depth):
        if name in ("model", "training_file", "validation_file", "id") and r.random() < 0.9:
            return r.choice(self.names)
        if name == "n" or name == "best_of":
            return r.randint(1, 3)
        return self.value(schema, r, depth)

    def odd(self, r, depth=0):
        kind = r.randrange(8)
        if kind == 0:
            return None
        if kind == 1:
            return r.random() < 0.5
        if kind == 2:
            return Raw(r.choice(ODD_NUMBERS))
        if kind == 3 and depth < 3:
            return [self.odd(r, depth + 1) for _ in range(r.randrange(4))]
        if kind == 4 and depth < 3:
            return {r.choice(ODD_TEXTS + ["model", "prompt"]): self.odd(r, depth + 1) for _ in range(r.randrange(4))}
        if kind == 5 and r.random() < 0.05:
            deep = r.choice([50, 100, 10_000])
            return Raw("[" * deep + "]" * r.choice([deep, 0]))
        return r.choice(ODD_TEXTS)

    def spoiled(self, value, r):
        """The same with something in it changed."""
        if isinstance(value, dict) and value and r.random() < 0.85:
            changed = dict(value)
            name = r.choice(list(changed))
            way = r.random()
            if way < 0.2:
                del changed[name]
            elif way < 0.6:
                changed[name] = self.odd(r)
            else:
                changed[name] = self.spoiled(changed[name], r)
            return changed
        if isinstance(value, list) and value and r.random() < 0.7:
            changed = list(value)
            place = r.randrange(len(changed))
            changed[place] = self.spoiled(changed[place], r)
            return changed
        return self.odd(r)


def text_of(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {text_of(part)}" for name, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text_of, value)) + "]"
    return json.dumps(value)


def shaken(data, r):
    """Bytes with some of them changed, taken out, doubled or moved."""
    data = bytearray(data)
    for _ in range(r.choice([1, 1, 2, 4, 16])):
        if not data:
            break
        start = r.randrange(len(data))
        end = min(len(data), start + r.choice([1, 1, 2, 8, 64]))
        way = r.randrange(5)
        if way == 0:
            data[start] = r.randrange(256)
        elif way == 1:
            del data[start:end]
        elif way == 2:
            data[start:start] = data[start:end]
        elif way == 3:
            data[start:start] = bytes(r.randrange(256) for _ in range(r.choice([1, 4, 16])))
        else:
            del data[end:]
    return bytes(data)


class Request:
    def __init__(self, kind, data, is_whole, route):
        self.kind, self.data, self.is_whole, self.route = kind, data, is_whole, route


class Fuzzer:
    def __init__(self, document, names, seed, port):
        self.makers = Makers(document, names)
        self.names, self.seed, self.port = names, seed, port
        self.routes = [
            (method.upper(), pattern, operation)
            for pattern, item in document["paths"].items()
            for method, operation in item.items() if method != "parameters"
        ]

    def request(self, number):
        r = random.Random(f"{self.seed}/{number}")
        method, pattern, operation = self.routes[number % len(self.routes)]
        path = pattern
        while "{" in path:
            head, rest = path.split("{", 1)
            tail = rest.split("}", 1)[1]
            name = r.choice(self.names) if r.random() < 0.6 else r.choice(ODD_TEXTS)
            coded = urllib.parse.quote(name.encode("utf-8", "surrogatepass"), safe=r.choice(["", ":", "/:"]))
            path = head + coded + tail
        if r.random() < 0.4:
            values = {p["name"]: self.makers.value(p["schema"], r) for p in operation.get("parameters", [])}
            if r.random() < 0.5:
                values[r.choice(["limit", "after", "stream", "metadata[x]", "order", "\x00"])] = r.choice(
                    ODD_TEXTS + ODD_NUMBERS)
            path += "?" + urllib.parse.urlencode(values, errors="surrogatepass")
        headers = {"Host": f"127.0.0.1:{self.port}", "Content-Type": "application/json"}
        content = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
        kind = r.choice(["right", "spoiled", "spoiled", "spoiled", "shaken", "raw", "headers", "path", "method",
                         "bytes"])
        body = b""
        if content and content[0] == "multipart/form-data":
            headers["Content-Type"] = f"multipart/form-data; boundary={served.FORM}"
            body = self.form(r, kind)
        elif content:
            value = self.makers.value(content[1]["schema"], r)
            if kind == "spoiled":
                value = self.makers.spoiled(value, r)
            body = text_of(value).encode("utf-8", "surrogatepass")
        elif kind in ("spoiled", "shaken"):
            body = text_of(self.makers.odd(r)).encode("utf-8", "surrogatepass")
        if kind == "shaken":
            body = shaken(body, r)
        elif kind == "raw":
            body = bytes(r.randrange(256) for _ in range(r.choice([0, 1, 3, 50, 2000])))
        elif kind == "path":
            path = self.odd_path(path, r)
        elif kind == "method":
            method = r.choice(METHODS)
        is_whole = True
        if kind == "headers":
            is_whole = self.odd_headers(headers, r)
        if "Content-Length" not in headers and "Transfer-Encoding" not in headers and (body or method == "POST"):
            if r.random() < 0.15 and body:
                headers["Transfer-Encoding"] = "chunked"
                body = self.chunks(body, r)
            else:
                headers["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        data = f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("utf-8", "surrogatepass") + body
        if kind == "bytes":
            data, is_whole = shaken(data, r), False
        return Request(kind, data, is_whole, f"{method} {pattern}")

    def form(self, r, kind):
        line = r.choice(['{"prompt": "a ->", "completion": " 1"}', "{}", "[]", "", "\x00", '{"messages": []}'])
        fields = [("purpose", None, r.choice(["fine-tune", "fine-tune", "batch", "x"])),
                  ("file", r.choice(["a.jsonl", "../a", "\u202e", "a" * 300, ""]), line)]
        if kind != "right":
            r.shuffle(fields)
            fields = fields[:r.choice([0, 1, 2, 2])] + fields[:r.choice([0, 0, 1])]
        made = ""
        for name, filename, value in fields:
            extra = "" if filename is None else f'; filename="{filename}"'
            made += f'--{served.FORM}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'
        return (made + r.choice([f"--{served.FORM}--\r\n", "", f"--{served.FORM}"] if kind != "right" else
                                [f"--{served.FORM}--\r\n"])).encode()

    @staticmethod
    def chunks(body, r):
        cut = r.randrange(len(body) + 1)
        parts = [part for part in (body[:cut], body[cut:]) if part]
        return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"

    @staticmethod
    def odd_path(path, r):
        way = r.randrange(8)
        if way == 0:
            return path + "/"
        if way == 1:
            return path.replace("/", "//", 1)
        if way == 2:
            return "/" + "a/" * r.choice([5, 500])
        if way == 3:
            return path + r.choice(["%", "%zz", "%00", "%c3%28", "%2e%2e", "/..", "/./", "?", "?=&=", "?a[b=c", "#x"])
        if way == 4:
            return r.choice(["*", "", "a", "http://other/v1/models", "http://", "//", "/v1", "?"])
        if way == 5:
            return path + "?" + "a=b&" * 2000
        if way == 6:
            return path.upper()
        return path + "?" + urllib.parse.quote(r.choice(ODD_TEXTS).encode("utf-8", "surrogatepass"))

    @staticmethod
    def odd_headers(headers, r):
        """Changes headers; returns whether the server can know where the request ends."""
        way = r.randrange(14)
        if way == 0:
            headers["Content-Length"] = r.choice(["-1", "abc", "99999999999999999999", "1 2", "", "0x5", "+3"])
            return False
        if way == 1:
            headers["Content-Length"] = r.choice(["999999", "600000000", "9223372036854775807"])
            return False
        if way == 2:
            headers["Transfer-Encoding"] = r.choice(["chunked", "gzip", "chunked, chunked", "identity", "x"])
            return False
        if way == 3:
            headers["Host"] = r.choice(["evil.example", "", "localhost", "[::1]", "127.0.0.1:99999", "a" * 300, "["])
        elif way == 4:
            headers["Origin"] = r.choice(["http://evil.example", "null", "", f"http://{headers['Host']}", "\x7f"])
        elif way == 5:
            headers["Content-Type"] = r.choice([
                "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=",
                'multipart/form-data; boundary="', "a" * 3000, "application/json; x"])
        elif way == 6:
            headers["Authorization"] = r.choice(["Bearer", "Bearer ", "Basic x", "Bearer " + "k" * 9000, "\u00e9"])
        elif way == 7:
            headers["Expect"] = r.choice(["100-continue", "200", ""])
        elif way == 8:
            headers["X-" + "a" * r.choice([1, 2000, 20_000])] = "b" * r.choice([1, 2000, 70_000])
        elif way == 9:
            for number in range(r.choice([50, 150])):
                headers[f"X-{number}"] = "1"
        elif way == 10:
            headers["Connection"] = r.choice(["close", "keep-alive", "upgrade", "x"])
            headers["Upgrade"] = r.choice(["websocket", "h2c"])
        elif way == 11:
            headers["Idempotency-Key"] = r.choice(ODD_TEXTS).replace("\r\n", "").replace("\x00", "")
        elif way == 12:
            del headers["Host"]
        else:
            headers["Accept-Encoding"] = headers["Accept"] = r.choice(["gzip", "*", "", "text/html"])
        return True


class Wrong(Exception):
    pass


async def answered(reader, request):
    """Reads one answer; returns its status and whether the connection can be used again."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1])
    if status == 100:
        return await answered(reader, request)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    if status >= 500:
        rest = b""
        try:
            rest = await asyncio.wait_for(reader.read(2000), 1)
        except asyncio.TimeoutError:
            pass
        raise Wrong(f"status {status}: {rest[:500]!r}")
    if headers.get("content-type", "").startswith("text/event-stream"):
        return status, False
    body = b""
    if request.data.startswith(b"HEAD ") or status == 204:
        pass
    elif headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    if status >= 400 and not request.data.startswith(b"HEAD ") and status != 304:
        error = json.loads(body)["error"]
        if set(error) != {"message", "type", "param", "code"}:
            raise Wrong(f"an error of another form: {body[:300]!r}")
    return status, headers.get("connection", "") != "close"


async def worker(fuzzer, numbers, counts, failures, state):
    connection = None
    for number in numbers:
        if len(failures) >= MOST_FAILURES:
            return
        request = fuzzer.request(number)
        for attempt in range(3):
            try:
                fresh = connection is None
                if fresh:
                    connection = await asyncio.open_connection("127.0.0.1", fuzzer.port)
                reader, writer = connection
                writer.write(request.data)
                await writer.drain()
                patience = PATIENCE if request.is_whole else 0.3
                status, goes_on = await asyncio.wait_for(answered(reader, request), patience)
                counts[f"{status}"] += 1
                if not goes_on or not request.is_whole:
                    writer.close()
                    connection = None
                break
            except (asyncio.IncompleteReadError, ConnectionError):
                connection = None
                # The server may close what rests, and what is no HTTP.
                if not request.is_whole:
                    counts["closed"] += 1
                    break
                if attempt == 2:
                    failures.append((number, request, "closed without an answer, three times"))
            except asyncio.TimeoutError:
                writer.close()
                connection = None
                if not request.is_whole:
                    counts["waits for more"] += 1
                    break
                failures.append((number, request, f"no answer in {PATIENCE:.0f} seconds"))
                break
            except (Wrong, ValueError, KeyError, TypeError) as problem:
                failures.append((number, request, f"{type(problem).__name__}: {problem}"))
                break
        state["done"] += 1
    if connection:
        connection[1].close()


async def watch(server, failures, state, total):
    last = time.monotonic()
    while state["done"] < total and len(failures) < MOST_FAILURES:
        await asyncio.sleep(0.5)
        if server.process.poll() is not None:
            failures.extend([(None, None, f"the server ended with {server.process.returncode}")] * MOST_FAILURES)
        if time.monotonic() - last > 10:
            last = time.monotonic()
            print(f"  {state['done']:,} of {total:,}, {server.memory()[0]:.0f} MB", flush=True)


async def run(server, fuzzer, numbers, width):
    counts, failures, state = collections.Counter(), [], {"done": 0}
    watching = asyncio.create_task(watch(server, failures, state, len(numbers)))
    await asyncio.gather(*(worker(fuzzer, numbers[start::width], counts, failures, state) for start in range(width)))
    await watching
    return counts, failures


CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
          "negative_data_rejection")


def schemathesis(program, server, examples, seed):
    """Has schemathesis try the API's document; returns whether it found nothing."""
    command = [program, "run", f"http://127.0.0.1:{server.port}/openapi.json", "--checks", ",".join(CHECKS),
               "--max-examples", str(examples), "--seed", str(seed), "--phases", "examples,coverage,fuzzing",
               "--continue-on-failure", "--max-failures", "40", "--request-timeout", "10", "--no-color",
               "--generation-database", "none", "--workers", "1"]
    return subprocess.run(command, cwd=server.folder).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fettle", default=".build/release/fettle")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--width", type=int, default=32, help="connections at once")
    parser.add_argument("--only", type=int, help="send this request alone")
    parser.add_argument("--schemathesis", metavar="ST", help="the program 'st', to be run after that")
    parser.add_argument("--examples", type=int, default=100, help="of schemathesis for each route")
    options = parser.parse_args()
    with served.server(options.fettle, ["--record"]) as server:
        file, job, model = server.tune(served.examples())
        modern = server.json("POST", "/v1/fine_tuning/jobs", {"training_file": file, "model": "ada"})["id"]
        answer = server.json("POST", "/v1/completions", {"model": model, "prompt": "word1 ->"})["id"]
        names = [model, file, job, modern, answer, "ada", "ngram"]
        document = server.json("GET", "/openapi.json")
        fuzzer = Fuzzer(document, names, options.seed, server.port)
        numbers = [options.only] if options.only is not None else list(range(options.count))
        start = time.monotonic()
        counts, failures = asyncio.run(run(server, fuzzer, numbers, options.width))
        seconds = time.monotonic() - start
        for number, request, problem in failures[:MOST_FAILURES]:
            print(f"request {number} ({request.kind if request else ''}, seed {options.seed}): {problem}")
            if request:
                print(f"  {request.data[:600]!r}")
        is_fine = not options.schemathesis or schemathesis(
            options.schemathesis, server, options.examples, options.seed)
        status, _ = server.ask("GET", "/health", timeout=10)
        memory = server.memory()
        code = server.stop()
        shown = ", ".join(f"{name}: {count:,}" for name, count in sorted(counts.items()))
        print(f"{sum(counts.values()):,} requests to {len(fuzzer.routes)} routes in {seconds:.0f} s; {shown}")
        print(f"health {status} after that; memory {memory[0]:.0f} MB, at most {memory[1]:.0f} MB; ended with {code}")
        if failures or not is_fine or status != 200 or code not in (0, -signal.SIGTERM):
            sys.exit(1)


if __name__ == "__main__":
    main()

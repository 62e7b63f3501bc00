"""Measures `fettle serve` under load on this machine; see README.md.

    python3 Benchmarks/serving/load.py            # needs wrk; nginx for the upload's peer

Completions are asked by wrk on the same processors; at half load by a generator of this script, which counts the
time from when a request was due. Streams are events of a job that trains, read slowly.
"""

import argparse
import asyncio
import http.client
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import served

HERE = os.path.dirname(os.path.abspath(__file__))


def wrk(server, model, seconds, connections, threads=1):
    environment = dict(os.environ, FETTLE_MODEL=model)
    command = ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s",
               os.path.join(HERE, "ask.lua"), f"http://127.0.0.1:{server.port}"]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    result = json.loads(re.search("RESULT (.*)", output)[1])
    result["rate"] = result["requests"] / result["microseconds"] * 1e6
    return result


def question(model):
    words = " ".join(f"word{number % 97}" for number in range(99))
    return json.dumps(
        {"model": model, "prompt": f"{words} ->", "max_tokens": 1, "temperature": 0, "logprobs": 5}).encode()


def post(server, body):
    head = (f"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


async def one(reader, writer, data):
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head, re.I)[1])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def paced(server, model, rate, seconds, connections=32):
    """Asks at a fixed rate; returns the latencies from when each request was due, in milliseconds."""
    data, latencies, bad = post(server, question(model)), [], 0
    start = time.perf_counter() + 0.2
    total = int(rate * seconds)

    async def client(first):
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in range(first, total, connections):
            due = start + number / rate
            delay = due - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            bad += await one(reader, writer, data) != 200
            latencies.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(client(first) for first in range(connections)))
    return latencies, bad


def p99(values):
    return statistics.quantiles(values, n=100)[98]


def completions(server, model, options):
    print("completions of the built-in model, prompts of 100 words", flush=True)
    wrk(server, model, 3, 32)
    runs = sorted((wrk(server, model, options.seconds, 32) for _ in range(3)), key=lambda run: run["rate"])
    run = runs[1]
    print(f"  wrk, 1 thread, 32 connections: {run['rate']:,.0f} requests/s, p50 {run['p50'] / 1000:.2f} ms, "
          f"p99 {run['p99'] / 1000:.2f} ms, {run['bad']} bad, {run['lost']} lost (median of three)", flush=True)
    half = run["rate"] / 2
    # An asyncio client manages some 3,000 a second; what is beyond that is wrk's part.
    rate = min(half, 2500)
    latencies, bad = asyncio.run(paced(server, model, rate, options.seconds))
    print(f"  at {rate:,.0f} requests/s ({100 * rate / run['rate']:.0f} % of that): p50 "
          f"{statistics.median(latencies):.2f} ms, p99 {p99(latencies):.2f} ms, {bad} bad; memory "
          f"{server.memory()[0]:.0f} MB", flush=True)


def flat(server, model, options):
    print(f"memory over {options.minutes} minutes of wrk", flush=True)
    seen = [server.memory()[0]]
    for _ in range(options.minutes * 2):
        wrk(server, model, 30, 32)
        seen.append(server.memory()[0])
    shown = ", ".join(f"{value:.0f}" for value in seen)
    print(f"  MB every half minute: {shown}", flush=True)


async def crowd(server, model, job, others=800, streams=200, rounds=20):
    """Opens connections that ask now and then beside streams that are read slowly; returns what was lost."""
    lost, broken, asked, ended = 0, 0, 0, 0
    data = post(server, question(model))
    gate = asyncio.Semaphore(100)

    async def connect():
        async with gate:
            return await asyncio.open_connection("127.0.0.1", server.port)

    async def stream():
        nonlocal broken, ended
        try:
            reader, writer = await connect()
            path = f"/v1/fine-tunes/{job}/events?stream=true"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            text = b""
            while not text.endswith(b"0\r\n\r\n"):
                part = await reader.read(64)
                if not part:
                    break
                text += part
                await asyncio.sleep(0.05)
            done = b"200 OK" in head and b"data: [DONE]" in text and text.endswith(b"0\r\n\r\n")
            ended += done
            broken += not done
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            broken += 1

    async def client(number):
        nonlocal lost, asked
        try:
            reader, writer = await connect()
            for _ in range(rounds):
                await asyncio.sleep(0.5 + number % 100 / 100)
                lost += await one(reader, writer, data) != 200
                asked += 1
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            lost += 1

    await asyncio.gather(*(stream() for _ in range(streams)), *(client(number) for number in range(others)))
    return asked, lost, ended, broken


def crowded(server, model, options):
    print("1,000 connections: 200 slow event streams of a job that trains, 800 that ask", flush=True)
    alone, _ = asyncio.run(paced(server, model, 500, options.seconds))
    file = server.upload(served.examples(4000, 60))
    job = server.json("POST", "/v1/fine-tunes", {"training_file": file, "model": "ada", "n_epochs": 40})["id"]
    asked, lost, ended, broken = asyncio.run(crowd(server, model, job))
    print(f"  {asked:,} answers, {lost} lost; {ended} streams ended well, {broken} broken; memory "
          f"{server.memory()[0]:.0f} MB", flush=True)
    # Long enough to train until the end of the measurement.
    file = server.upload(served.examples(40_000, 300))
    jobs = [server.json("POST", "/v1/fine-tunes", {"training_file": file, "model": "ada", "n_epochs": 50})["id"]
            for _ in range(8)]
    while server.json("GET", f"/v1/fine-tunes/{jobs[0]}")["status"] == "pending":
        time.sleep(0.1)
    beside, _ = asyncio.run(paced(server, model, 500, options.seconds))
    states = [server.json("GET", f"/v1/fine-tunes/{job}")["status"] for job in jobs]
    if "running" not in states:
        sys.exit(f"no job trained until the end of the measurement: {states}")
    print(f"  p99 at 500 requests/s: {p99(alone):.2f} ms alone, {p99(beside):.2f} ms beside jobs that train "
          f"({states.count('succeeded')} ended meanwhile, one trains on)", flush=True)


def upload(server, options):
    size = options.megabytes
    print(f"an upload of {size} MB", flush=True)
    folder = tempfile.mkdtemp(prefix="fettle-upload-")
    try:
        path = os.path.join(folder, "big.jsonl")
        line = (json.dumps({"prompt": "word " * 150 + "->", "completion": " 1"}) + "\n").encode()
        with open(path, "wb") as file:
            for _ in range(size * 1_000_000 // len(line)):
                file.write(line)
        before = server.memory()[0]
        command = ["curl", "-s", "-o", os.path.join(folder, "answer"), "-w", "%{http_code} %{time_total}",
                   "-F", "purpose=fine-tune", "-F", f"file=@{path}", f"http://127.0.0.1:{server.port}/v1/files"]
        runs = []
        for _ in range(3):
            code, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            if code != "200":
                sys.exit(f"the upload was answered by {code}")
            runs.append(float(seconds))
            server.json("DELETE", "/v1/files/" + json.loads(pathlib.Path(folder, "answer").read_text())["id"])
        ours = statistics.median(runs)
        print(f"  Fettle, checked by line: {ours:.2f} s, {size / ours:,.0f} MB/s; memory {before:.0f} MB before, "
              f"{server.memory()[1]:.0f} MB at most", flush=True)
        peer = nginx(folder, path)
        if peer:
            print(f"  nginx (PUT to WebDAV): {peer:.2f} s, {size / peer:,.0f} MB/s; Fettle takes "
                  f"{ours / peer:.1f} times as long", flush=True)
        else:
            print("  nginx with WebDAV is not here")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def nginx(folder, path):
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        return None
    put = os.path.join(folder, "put")
    for name in (put, os.path.join(folder, "temp")):
        os.makedirs(name)
        os.chmod(name, 0o777)
    os.chmod(folder, 0o755)
    port = 18_080
    configuration = os.path.join(folder, "nginx.conf")
    pathlib.Path(configuration).write_text(
        f"pid {folder}/pid;error_log {folder}/error.log;worker_processes 1;daemon off;user root;events {{}}\n"
        f"http {{access_log off;client_max_body_size 0;client_body_temp_path {folder}/temp;\n"
        f"server {{listen 127.0.0.1:{port};location / {{root {put};dav_methods PUT;}}}}}}\n")
    process = subprocess.Popen([program, "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        if process.poll() is not None:
            return None
        runs = []
        for number in range(3):
            command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", "-T", path,
                       f"http://127.0.0.1:{port}/{number}"]
            code, seconds = subprocess.run(command, capture_output=True, text=True).stdout.split()
            if code != "201":
                return None
            os.unlink(os.path.join(put, str(number)))
            runs.append(float(seconds))
        return statistics.median(runs)
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fettle", default=".build/release/fettle")
    parser.add_argument("--only", choices=["completions", "recorded", "crowd", "upload", "memory"])
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--minutes", type=int, default=10, help="of the watch over memory")
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args()
    parts = [options.only] if options.only else ["completions", "recorded", "crowd", "upload"]
    if not shutil.which("wrk") and set(parts) & {"completions", "recorded", "memory"}:
        sys.exit("wrk is not here: apt-get install wrk")
    for part in parts:
        with served.server(options.fettle, ["--record"] if part == "recorded" else []) as server:
            if part == "upload":
                upload(server, options)
                continue
            _, _, model = server.tune(served.examples(2000, 100))
            if part == "recorded":
                print("the same with --record:", end=" ")
            {"completions": completions, "recorded": completions, "crowd": crowded, "memory": flat}[part](
                server, model, options)


if __name__ == "__main__":
    main()

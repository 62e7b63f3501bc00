"""Tries Fettle against a real Ray cluster of two nodes: Tests/Cluster/run.py, by Tests/Cluster/with-ray.

Prints "ok NAME SECONDS" for each part, and ends with status 1 at the first that is not as it should be. FETTLE names
the program. Everything that it starts it ends by its id.
"""
import json
import os
import pathlib
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
FETTLE = os.environ.get("FETTLE", str(ROOT / ".build/debug/fettle"))
URL = os.environ["FETTLE_RAY_URL"]
TOKEN = os.environ.get("FETTLE_RAY_TOKEN", "")
DEPOT_KEY = "sk-depot-of-a-test"
TINY = ROOT / "samples/tiny-llama"
ROWS = os.environ.get("FETTLE_CLUSTER_ROWS", str(ROOT / "samples/reviews.jsonl"))
LOAD = [
    f"load '{ROWS}' as d",
    'format prompt="{{review_body}} ->" completion=" {{stars}}"',
    "split 80/10/10 seed=1",
]
SWEEP = "sweep ngram on d.train validate=d.validation n_epochs=1,2,3,4 learning_rate_multiplier=0.5,1"


def environment(token=TOKEN):
    values = {key: value for key, value in os.environ.items() if not key.startswith("RAY_")}
    values["FETTLE_SECRET_LAB"], values["FETTLE_SECRET_DEPOT"] = token, DEPOT_KEY
    return values


def arguments(workspace, lines):
    return [FETTLE, "--workspace", str(workspace)] + [word for line in lines for word in ("-c", line)]


def fettle(workspace, *lines, token=TOKEN, status=0):
    result = subprocess.run(
        arguments(workspace, lines), env=environment(token), capture_output=True, text=True, timeout=400
    )
    if result.returncode != status:
        raise SystemExit(f"{lines}: status {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result.stdout + result.stderr


def ray(path, method="GET"):
    request = urllib.request.Request(URL + path, method=method, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def log_file(job):
    """The log of a job as the file that its machine has, which is read where Ray refuses the log itself."""
    query = f"lines=-1&timeout=5&node_id={jobs()[job]['driver_node_id']}&submission_id={job}"
    request = urllib.request.Request(f"{URL}/api/v0/logs/file?{query}", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def jobs():
    return {job["submission_id"]: job for job in ray("/api/jobs/") if job.get("submission_id")}


def until(what, find, seconds=90):
    end = time.time() + seconds
    while time.time() < end:
        if found := find():
            return found
        time.sleep(0.2)
    raise SystemExit(f"{what}: not within {seconds} s\n{json.dumps(jobs(), indent=1)[:4000]}")


def require(is_so, *what):
    if not is_so:
        raise SystemExit("not as it should be: " + " ".join(str(part) for part in what))


def exported(workspace, name, folder):
    path = folder / f"{workspace.name}-{name}.model"
    fettle(workspace, f"model export {name} '{path}' --no-check --force")
    return path.read_bytes()


def workers():
    """The process ids of the workers that train."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command and command[0].endswith(b"fettle-worker"):
            found.append(int(entry.name))
    return found


def trainers():
    """The process ids of Ray Train's workers."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            name = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if b"TrainWorker" in name:
            found.append(int(entry.name))
    return found


def adapter(workspace, name, folder):
    """The numbers of an adapter's tensors by their names."""
    path = folder / f"{workspace.name}-{name}.adapter"
    fettle(workspace, f"model export {name} '{path}' as adapter --no-check")
    data = (path / "adapter_model.safetensors").read_bytes()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    def numbers(tensor):
        first, last = tensor["data_offsets"]
        return struct.unpack(f"<{(last - first) // 4}f", data[8 + size + first:8 + size + last])
    return {key: numbers(tensor) for key, tensor in header.items()}


def difference(one, other):
    """The largest difference between two adapters' numbers."""
    require(one.keys() == other.keys(), one.keys(), other.keys())
    return max(abs(a - b) for key in one for a, b in zip(one[key], other[key], strict=True))


def begin(workspace, line, processes=workers):
    """Starts a job in a process of its own; returns it, the job's id, and after how long its worker ran."""
    before = set(jobs())
    process = subprocess.Popen(
        arguments(workspace, LOAD + [line]),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    def running():
        new = [job for name, job in jobs().items() if name not in before and job["status"] == "RUNNING"]
        return new and processes() and new[0]
    job = until(line, running)
    return process, job["submission_id"], time.time() - job["start_time"] / 1000


def torch(folder, here, ok, add):
    """A language model by two workers of PyTorch: equal to this machine's but for rounding, also after a lost worker."""
    fettle(here, f"model add '{TINY}' as tiny")
    line = "tune tiny on d.train n_epochs=2 rank=4 seed=5"
    fettle(here, *LOAD, "sample 600 seed=2 as few", line.replace("d.train", "few") + " as small")
    wanted = adapter(here, "small", folder)
    ok("torch-here")

    there = folder / "torch"
    job = "sample 600 seed=2 as few; " + line.replace("d.train", "few") + " cluster=lab workers=2 as small"
    fettle(there, add, f"model add '{TINY}' as tiny", *LOAD, job)
    far = difference(wanted, adapter(there, "small", folder))
    require(far < 1e-3, "the adapters differ by", far)
    said = fettle(there, "ask small 'The bag is ->'")
    require(said.strip(), "the tuned model says nothing")
    database = sqlite3.connect(there / "fettle.sqlite")
    times = dict(database.execute("SELECT message, MIN(at) FROM event GROUP BY message"))
    start = min(time for text, time in times.items() if "calls it" in text)
    first, = database.execute("SELECT MIN(at) FROM metric").fetchone()
    ok("torch", f"  adapters differ by {far:.1e} at most; the first step {(first - start) / 1000:.1f} s after it was asked for")

    there = folder / "torch-killed"
    fettle(there, add, f"model add '{TINY}' as tiny")
    process, _, _ = begin(there, job.replace("n_epochs=2", "n_epochs=10"), trainers)
    database = sqlite3.connect(there / "fettle.sqlite")
    def steps():
        row = database.execute("SELECT MAX(step) FROM metric").fetchone()
        return row[0] and row[0] > 80
    until("the first epochs", steps)
    os.kill(trainers()[0], signal.SIGKILL)
    said = process.communicate(timeout=300)[0]
    require(process.returncode == 0, said)
    undisturbed = folder / "torch-whole"
    fettle(undisturbed, add, f"model add '{TINY}' as tiny", *LOAD, job.replace("n_epochs=2", "n_epochs=10"))
    far = difference(adapter(undisturbed, "small", folder), adapter(there, "small", folder))
    require(far == 0, "the adapters differ by", far)
    ok("torch-worker-killed")


def files(folder, here, ok, add):
    """Rows that the nodes fetch from a server of Fettle's, for the built-in model and for PyTorch's workers."""
    home, there = folder / "depot", folder / "files"
    home.mkdir()
    (home / "keys").write_text(DEPOT_KEY + "\n")
    server = subprocess.Popen(
        [FETTLE, "serve", "--workspace", str(home / "w"), "port=8181", "--api-key-file", str(home / "keys")],
        env=environment(),
        stdout=(home / "log").open("w"),
        stderr=subprocess.STDOUT,
    )

    def uploads():
        request = urllib.request.Request(
            "http://127.0.0.1:8181/v1/files", headers={"Authorization": f"Bearer {DEPOT_KEY}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return [(file["filename"], file["bytes"]) for file in json.load(answer)["data"]]
        except OSError:
            return None
    try:
        until("the server", lambda: uploads() is not None)
        depot = "provider add depot url=http://127.0.0.1:8181/v1 key=secret:depot"
        said = fettle(there, depot, add + " files=depot", "cluster check lab")
        require("its jobs can fetch files from 'depot'" in said, said)
        line = "tune ngram on d n_epochs=2 seed=3"
        fettle(here, *LOAD, line + " as whole")
        fettle(there, *LOAD, line + " cluster=lab as whole", line + " cluster=lab as again")
        require(exported(here, "whole", folder) == exported(there, "whole", folder), "the models differ")
        # A model of more than a mebibyte: the sample's with wider layers.
        model = folder / "wide"
        model.mkdir()
        source = (TINY / "make.py").read_text().replace("KEY_HEADS = 16, 32,", "KEY_HEADS = 16, 8192,")
        (model / "make.py").write_text(source)
        subprocess.run([sys.executable, str(model / "make.py")], check=True)
        line = "sample 600 seed=4 as some; tune wide on some n_epochs=1 rank=4 seed=5"
        add_wide = f"model add '{model}' as wide"
        fettle(here, add_wide, *LOAD, line + " as fetched")
        fettle(there, add_wide, *LOAD, line + " cluster=lab workers=2 as fetched")
        far = difference(adapter(here, "fetched", folder), adapter(there, "fetched", folder))
        require(far < 1e-3, "the adapters differ by", far)
        large = [size for _, size in uploads() if size >= 1 << 20]
        require(len(large) == 2 and len(uploads()) == 3, uploads())
        gotten = re.findall(r"method=GET path=(\S+/content) status=200", (home / "log").read_text())
        # The file of the check, the rows, and the model on each of the machines, which may be one or two.
        require(len(set(gotten)) == 3, gotten)
        ok("files", f"  {sum(large) / 1e6:.1f} MB fetched; adapters differ by {far:.1e} at most")
    finally:
        server.terminate()
        server.wait(timeout=30)


def main():
    started = time.time()

    def ok(name, extra=""):
        nonlocal started
        print(f"ok {name} {time.time() - started:.1f}{extra}", flush=True)
        started = time.time()

    with tempfile.TemporaryDirectory(prefix="fettle-cluster.") as place:
        folder = pathlib.Path(place)
        here, there = folder / "here", folder / "there"
        fetched = folder / "fetched"
        fetched.mkdir()
        # Ray finds a job's log by the address and port of its machine's agent, so that each has its own. An agent takes
        # any node that it sees among the processes for its own, so that the second one sees its own alone; all of them
        # end with the first of them.
        second = subprocess.Popen(
            [
                "unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
                f"{os.environ['RAY_HOME']}/bin/ray", "start", "--address=127.0.0.1:6379", "--block", "--num-cpus=1",
                "--node-ip-address=127.0.0.2", "--dashboard-agent-listen-port=52366", f"--temp-dir={folder}/node",
                "--disable-usage-stats", "--object-store-memory=100000000",
            ],
            env={**os.environ, "RAY_AUTH_TOKEN": TOKEN, "TMPDIR": str(fetched)},
            stdout=(folder / "node.log").open("w"),
            stderr=subprocess.STDOUT,
        )
        def nodes():
            result = ray("/api/v0/nodes")["data"]["result"]["result"]
            return len([node for node in result if node["state"] == "ALIVE"]) == 2
        until("two nodes", nodes)
        ok("two-nodes")

        add = f"cluster add lab {URL}" + (" token=secret:lab" if TOKEN else "")
        said = fettle(there, add, "cluster check lab")
        version = re.search(r"Ray ([0-9.]+)", said)
        require(version, said)
        ok("check", f"  Ray {version[1]}")

        if TOKEN:
            said = fettle(there, "cluster check lab", token="wrong", status=1)
            require("error[cluster-token]" in said and "wrong" not in said.replace("wrong token", ""), said)
            ok("wrong-token")

        fettle(here, *LOAD, SWEEP + " workers=2 as best")
        local = time.time() - started
        ok("sweep-here")
        said = fettle(there, *LOAD, SWEEP + " cluster=lab workers=2 as best")
        remote = time.time() - started
        require(exported(here, "best", folder) == exported(there, "best", folder), "the winners differ\n", said)
        asked = [name for name in jobs() if name.startswith("ftjob-")]
        again = [name for name in asked if "-r" in name]
        require(len(asked) - len(again) == 8, asked)
        for name in asked:
            require("FTEVENT" in log_file(name), name, "has no log file")
        # Two at a time make four rounds.
        over = (remote - local) / 4
        ok("sweep", f"  8 trials: {local:.1f} s here, {remote:.1f} s there, {over:.2f} s more a round")
        if again:
            database = sqlite3.connect(there / "fettle.sqlite")
            for level, message in database.execute("SELECT level, message FROM event WHERE level != 'info'"):
                print(f"  {level}: {message}", flush=True)

        long = "tune ngram on d.train n_epochs=60 cluster=lab as long"
        fettle(here, *LOAD, "tune ngram on d.train n_epochs=60 as long")
        wanted = exported(here, "long", folder)
        ok("tune-here")

        process, job, wait = begin(folder / "cancel", add + "; " + long)
        fettle(folder / "cancel", "cancel 1")
        process.communicate(timeout=60)
        until("stopped", lambda: jobs()[job]["status"] == "STOPPED")
        until("no worker", lambda: not workers())
        ok("cancel", f"  the worker ran {wait:.1f} s after it was asked for")

        process, job, _ = begin(folder / "restart", add + "; " + long)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        fettle(folder / "restart", "resume 1")
        require(exported(folder / "restart", "long", folder) == wanted, "the restarted job's model differs")
        require(jobs()[job]["status"] == "SUCCEEDED" and job + "-r2" not in jobs(), jobs()[job])
        ok("restart")

        process, job, _ = begin(folder / "killed", add + "; " + long)
        os.kill(workers()[0], signal.SIGKILL)
        said = process.communicate(timeout=200)[0]
        require(process.returncode == 0, said)
        require(exported(folder / "killed", "long", folder) == wanted, "the model of the second attempt differs")
        require(jobs()[job + "-r2"]["status"] == "SUCCEEDED", jobs().keys())
        ok("worker-killed")

        torch(folder, here, ok, add)
        files(folder, here, ok, add)
        # A job on each node; one of them is lost with its node.
        first, one, _ = begin(folder / "lost-1", add + "; " + long)
        other, two, _ = begin(folder / "lost-2", add + "; " + long)
        second.kill()
        second.wait()
        for process, name in ((first, "lost-1"), (other, "lost-2")):
            said = process.communicate(timeout=300)[0]
            require(process.returncode == 0, name, said)
            require(exported(folder / name, "long", folder) == wanted, name, "its model differs")
        again = [name for name in (one, two) if name + "-r2" in jobs()]
        require(len(again) == 1, "one job is asked for again, not", again)
        ok("node-killed")


if __name__ == "__main__":
    sys.exit(main())

"""Fetches the large files of a job of Fettle's to this machine, each once, and links them into the folder of this file.

fettle_files.json beside it says which, from where, and what their SHA-256 is. They lie under their hash in a folder of
this machine's user for temporary files, until no job has asked for them for some days.
"""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import pathlib
import stat
import sys
import tempfile
import time
import urllib.error
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
ATTEMPTS = 4
QUIET_SECONDS = 60
BLOCK_BYTES = 1 << 20
# As long as a link to a file can be followed.
KEPT_SECONDS = 8 * 86_400


class NotFetched(OSError):
    """What another attempt, or another machine, may not meet."""


class Broken(Exception):
    """What the same request may not meet some seconds later."""


def store():
    """The folder of this machine with files under their hashes; that of the job where it is not the user's alone."""
    path = pathlib.Path(tempfile.gettempdir()) / f"fettle-files-{os.geteuid()}"
    try:
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        facts = path.lstat()
    except OSError:
        return FOLDER
    is_own = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077
    return path if is_own else FOLDER


def download(file, target):
    """Writes the file's bytes; errors of the disk are none that pass."""
    digest, count = hashlib.sha256(), 0
    try:
        answer = urllib.request.urlopen(file["url"], timeout=QUIET_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise Broken(error) from error
        raise
    except (OSError, http.client.HTTPException) as error:
        raise Broken(error) from error
    with answer:
        while True:
            try:
                block = answer.read(BLOCK_BYTES)
            except (OSError, http.client.HTTPException) as error:
                raise Broken(error) from error
            count += len(block)
            if not block or count > file["bytes"]:
                break
            digest.update(block)
            target.write(block)
    if count < file["bytes"]:
        raise Broken(f"{count:,} bytes came of {file['bytes']:,}")
    if count > file["bytes"] or digest.hexdigest() != file["sha256"]:
        raise NotFetched("what came is another file")


def fetch(file, path):
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # Of its own, as some shared disks hold nobody's lock against other machines.
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
            try:
                with open(handle, "wb") as target:
                    download(file, target)
                os.replace(part, path)
                return
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part)
        except (Broken, OSError) as error:
            if attempt == ATTEMPTS or not isinstance(error, Broken):
                # The query of the address is what opens it.
                address = file["url"].split("?")[0]
                raise NotFetched(f"{file['name']} cannot be fetched from {address}: {error}") from error
            time.sleep(attempt)


@contextlib.contextmanager
def held(path):
    """Of several processes of a machine one goes on, and the others wait."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lock_of(folder, digest):
    return folder / (digest + ".lock")


def link(path, name):
    """Gives a file of the store its name in the job's folder, in whichever process comes first."""
    name.parent.mkdir(parents=True, exist_ok=True)
    part = name.with_name(f"{name.name}.{os.getpid()}.link")
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    part.symlink_to(path)
    os.replace(part, name)


def forget(folder):
    """Removes what no job has asked for lately; the empty locks stay, as somebody may hold one."""
    def is_old(path):
        return time.time() - path.stat().st_mtime > KEPT_SECONDS

    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if path.suffix != ".lock" and is_old(path):
                with held(lock_of(folder, path.name.split(".")[0])):
                    if is_old(path):
                        path.unlink()


def is_kept(path, size):
    """Whether a file is there, which from then on counts as asked for; another machine may remove it at any time."""
    try:
        os.utime(path)
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def fetch_all():
    folder = store()
    if folder != FOLDER:
        forget(folder)
    for file in json.loads((FOLDER / "fettle_files.json").read_text()):
        path, name = folder / file["sha256"], FOLDER / file["name"]
        with held(lock_of(folder, file["sha256"])):
            if not is_kept(path, file["bytes"]):
                fetch(file, path)
        link(path, name)


if __name__ == "__main__":
    try:
        fetch_all()
    except NotFetched as error:
        sys.exit(str(error))

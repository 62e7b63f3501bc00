"""Runs a program and says what it took: `FILE PROGRAM ARGUMENT…`; the file gets one JSON object.

The system counts the memory of the process that starts a program in the program's peak. This one
is small, whatever the benchmark itself holds.
"""

import json
import os
import sys
import time

target, *arguments = sys.argv[1:]
start = time.perf_counter()
process = os.posix_spawnp(arguments[0], arguments, os.environ)
_, status, usage = os.wait4(process, 0)
seconds = time.perf_counter() - start
with open(target, "w") as file:
    json.dump({
        "seconds": seconds,
        "processor": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss * 1024 / 1e6,
    }, file)
code = os.waitstatus_to_exitcode(status)
sys.exit(128 - code if code < 0 else code)

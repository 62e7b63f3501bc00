"""Measures how long workers of a training take to add their gradients.

    python3 Benchmarks/peers/all_reduce.py [WORKERS] [NUMBERS]

NUMBERS is how many the adapter has, as 4884480 for SmolLM2 135M at rank 16 with all projections. The workers are
processes of this machine that talk by Gloo over its loopback address, in one call for all, as fettle_torch.py does.
"""
import os
import statistics
import sys
import tempfile
import time

import torch
import torch.distributed as distributed
import torch.multiprocessing as processes

ROUNDS = 30


def work(rank, workers, numbers, meeting):
    torch.set_num_threads(1)
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=workers)
    gradients = torch.ones(numbers)
    seconds = []
    for _ in range(ROUNDS):
        distributed.barrier()
        start = time.perf_counter()
        distributed.all_reduce(gradients)
        seconds.append(time.perf_counter() - start)
        gradients.fill_(1)
    if rank == 0:
        middle = statistics.median(seconds)
        print(f"{workers} workers, {numbers * 4 / 1e6:.1f} MB: {middle * 1000:.1f} ms (median of {ROUNDS}, "
              f"{min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f})")
    distributed.destroy_process_group()


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    workers, numbers = (arguments + [2, 4_884_480][len(arguments):])[:2]
    with tempfile.TemporaryDirectory() as folder:
        processes.spawn(work, (workers, numbers, f"{folder}/meeting"), nprocs=workers)

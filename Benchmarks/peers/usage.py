"""What this process has taken so far."""

import resource
import time


class Clock:
    """Seconds of the clock and of the processors since it was made."""

    def __init__(self):
        self.start, self.busy = time.perf_counter(), self.processors()

    @staticmethod
    def processors():
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    def read(self):
        return {
            "seconds": time.perf_counter() - self.start,
            "processors": self.processors() - self.busy,
        }


def megabytes():
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

"""Runs a command and measures its time and memory.

Seconds are wall-clock time, from before the process is started until it has ended. Memory is the
largest resident set (ru_maxrss of wait4) of the process and the children that it waited for: of
several processes it is that of the largest one, not their sum. A process starts with the size of
its parent, so this module imports nothing large.

A run that leaves the machine without memory is ended before the kernel kills a process, and so is
a run that takes too long. Both are results, too.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

DONE = "done"
DOES_NOT_FIT = "does not fit"
TIMED_OUT = "timed out"
FAILED = "failed"

SPARE = 0.03  # of the machine's memory: if less is available, the run does not fit
POLL = 0.1  # seconds


@dataclass
class Run:
    """The result of one run.

    `told` is the last JSON object that the command printed, `complaint` the end of its stderr.
    """

    outcome: str
    seconds: float
    peak: int
    told: dict
    complaint: str


def run(command, environment=None, timeout=None):
    """Runs a command until it ends, or until memory or time runs out."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        guard = Guard(process.pid, timeout)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # Ctrl-C, which does not reach a process in its own session
            guard.end(FAILED)
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        guard.stop()
        said, complaint = text_of(output), text_of(errors)
    outcome = outcome_of(process.returncode, guard.reason, complaint)
    return Run(
        outcome, seconds, usage.ru_maxrss * 1024, last_object(said), complaint.strip()[-2000:]
    )


def outcome_of(code, ended_for, complaint):
    if ended_for:
        return ended_for
    if code == 0:
        return DONE
    short_of_memory = (
        "MemoryError" in complaint or "bad_alloc" in complaint or "Cannot allocate" in complaint
    )
    return DOES_NOT_FIT if code == -signal.SIGKILL or short_of_memory else FAILED


class Guard:
    """Ends a session of processes when memory or time runs out; `reason` then says which."""

    def __init__(self, session, timeout):
        self.reason = None
        self._session = session
        self._deadline = time.monotonic() + timeout if timeout else float("inf")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join()

    def _watch(self):
        least = memory()["MemTotal"] * SPARE
        while not self._over.wait(POLL):
            if memory()["MemAvailable"] < least:
                return self.end(DOES_NOT_FIT)
            if time.monotonic() > self._deadline:
                return self.end(TIMED_OUT)

    def end(self, reason):
        self.reason = reason
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._session, signal.SIGKILL)


def memory():
    """The entries of /proc/meminfo, in bytes."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines}


def text_of(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def last_object(said):
    """The last JSON object in the output: the whole output, or a line of it."""
    for text in [said, *reversed(said.splitlines())]:
        with contextlib.suppress(ValueError):
            found = json.loads(text)
            if isinstance(found, dict):
                return found
    return {}


def warm(paths):
    """Reads files once, so that every run finds them in memory: the disk is not compared."""
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            buffer = bytearray(1 << 22)
            while file.readinto(buffer):
                pass


def settle():
    """Waits until written data is on the disk, so that a run does not slow down the next one."""
    os.sync()

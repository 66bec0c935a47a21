"""The kinds of faults: each function disturbs one run and returns the errors found."""

import collections
import contextlib
import functools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from jobs import NEW, OLD, Bench, Done, contents, finish, once
from verdict import Judge, differences, message_faults

# The system calls that a kind makes fail. Only calls on the folder of outputs are tried.
CALLS = {
    "write": ("write", "pwrite64", "writev", "pwritev", "pwritev2"),
    "open": ("openat",),
    "rename": ("rename", "renameat", "renameat2"),
    "link": ("link", "linkat"),
    "unlink": ("unlink", "unlinkat"),
    "truncate": ("ftruncate", "fallocate"),
    "sync": ("fsync", "fdatasync"),
    "close": ("close",),
    "mode": ("chmod", "fchmod", "fchmodat"),
    "lock": ("flock", "fcntl"),
    "copy": ("copy_file_range", "sendfile"),
    "folder": ("mkdir", "mkdirat", "rmdir"),
    "stat": ("statx", "newfstatat", "fstat", "lseek", "getdents64"),
}
# Without brk: the kernel refuses it by returning the old end, and glibc would take the error code
# that strace injects for a new end.
MEMORY_CALLS = ("mmap", "mremap")
ERRORS = {
    "open": ("ENOSPC", "EMFILE", "EACCES", "EIO"),
    "rename": ("EIO", "ENOSPC", "EXDEV", "EACCES"),
    "link": ("EPERM", "EMLINK", "ENOSPC"),
    "unlink": ("EIO", "EACCES"),
    "lock": ("ENOLCK", "EIO"),
    "mode": ("EPERM", "EIO"),
    "copy": ("EXDEV", "ENOSPC", "EIO"),
}
ANY_ERROR = ("ENOSPC", "EIO", "EINTR")


class Skipped(Exception):
    """A kind cannot be tried here; the message says why."""


@dataclass
class Case:
    """One disturbed run."""

    bench: Bench
    random: Random
    place: Path
    job: str
    overwrite: bool
    told: str = ""  # what was done, for the list of faults

    @functools.cached_property
    def judge(self) -> Judge:
        return Judge(self.bench, self.job, self.overwrite, self.place)

    def words(self, threads: int = 1, k: int = NEW) -> "list[str]":
        return [self.bench.binary, *self.bench.words(self.job, k, self.overwrite, threads)]

    def moment(self) -> float:
        return self.random.uniform(0, 1.3) * self.bench.seconds(self.job)


# --- signals --------------------------------------------------------------------------------------


def signals(case: Case) -> "list[str]":
    """INT, TERM, HUP or KILL at a random time."""
    number = case.random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
    moment = case.moment()
    case.told = f"{number.name} after {moment:.3f} s"
    judge = case.judge
    process = case.bench.start(case.words(), case.place)
    _wait_until_caught(process, number)
    time.sleep(moment)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
    return judge.problems(finish(process), silent=True)


def _wait_until_caught(process, number) -> None:
    """Waits until the program handles signals: earlier signals would just end it."""
    while number != signal.SIGKILL and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            caught = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
            if caught >> (number - 1) & 1:
                return
        time.sleep(0.001)


def signals_at_calls(case: Case) -> "list[str]":
    """A signal when a call on an output begins."""
    name = case.random.choice(["SIGKILL", "SIGKILL", "SIGTERM", "SIGINT"])
    kind = case.random.choice(["write", "rename", "link", "unlink", "open", "sync", "close"])
    call, number = _pick(case, kind)
    case.told = f"{name} at {call} {number}"
    return _injected(case, call, f"signal={name}:when={number}", silent=True)


# --- calls that fail ------------------------------------------------------------------------------


def failing(kind: str):
    """A kind of fault: one of these calls fails, once or from then on."""

    def fault(case: Case) -> "list[str]":
        call, number = _pick(case, kind)
        error = case.random.choice(ERRORS.get(kind, ANY_ERROR))
        # Rename, link, unlink and the like fail once, because undoing needs them. EINTR is retried,
        # so it comes once, too.
        lasting = kind in ("write", "open", "truncate", "sync", "copy") and error != "EINTR"
        goes_on = lasting and case.random.random() < 0.4
        case.told = f"{call} {number}{'+' * goes_on} fails with {error}"
        return _injected(
            case,
            call,
            f"error={error}:when={number}{'+' * goes_on}",
            silent=goes_on and kind in ("write", "open"),
            leftovers=kind in ("unlink", "open") or goes_on,
        )

    fault.__doc__ = f"{', '.join(CALLS[kind])} fails."
    return fault


def memory_calls(case: Case) -> "list[str]":
    """A request for memory fails."""
    call, number = _pick(case, None)
    goes_on = case.random.random() < 0.3
    case.told = f"{call} {number}{'+' * goes_on} fails with ENOMEM"
    return _injected(case, call, f"error=ENOMEM:when={number}{'+' * goes_on}", memory=True)


def threads(case: Case) -> "list[str]":
    """No thread can be started, or only a few."""
    number = case.random.choice([1, 1, 2, 3, 4])
    asked = case.random.choice([1, 2, 8])
    case.told = f"thread {number}+ of --threads {asked} is refused"
    found = _injected(
        case, "clone3,clone", f"error=EAGAIN:when={number}+", threads=asked, patience=20
    )
    return found


def _injected(case, call, how, *, memory=False, threads=1, patience=300.0, **judged) -> "list[str]":
    judge = case.judge
    strace = ["strace", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null"]
    command = [*strace, "-e", f"trace={call}", "-e", f"inject={call}:{how}", *case.words(threads)]
    done = case.bench.run(command, case.place, patience)
    done = Done(done.code, "\n".join(_without_strace(done.stderr)), done.seconds, done.hung)
    if memory:
        return _under_little_memory(case, judge, done)
    if threads > 1:
        # The report contains the command, with its number of threads.
        judge.new = case.bench.wanted(case.job, NEW, case.overwrite, "scene.tif", threads)
    found = judge.problems(done, **judged)
    if threads > 1 and done.code != 0 and not found:
        found.append(f"exit {done.code}, though one thread is enough: {done.stderr.strip()}")
    return found


def _without_strace(text: str) -> "list[str]":
    return [line for line in text.splitlines() if not line.startswith("strace:")]


def _pick(case: Case, kind) -> "tuple[str, int]":
    """A call of this kind on an output, and its number.

    For memory (kind None), any call after the scene is opened.
    """
    found = _traced(case.bench, case.job, case.overwrite)[kind]
    if not found:
        raise Skipped("the job makes no such call")
    return case.random.choice(found)


@once
def _traced(bench: Bench, job: str, overwrite: bool):
    """For each kind, the calls of an undisturbed run as (name, number).

    strace counts calls by thread and name.
    """
    if not shutil.which("strace"):
        raise Skipped("strace is not installed")
    place = bench.case(bench.folder / f"traced-{job}-{overwrite}", job, overwrite)
    calls = sorted({name for names in CALLS.values() for name in names} | set(MEMORY_CALLS))
    trace = place / "trace"
    strace = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qqq",
        "-y",
        "-s",
        "0",
        "-o",
        trace,
        "-e",
        f"trace={','.join(calls)}",
    ]
    done = bench.run([*strace, bench.binary, *bench.words(job, NEW, overwrite)], place)
    if done.code != 0:
        raise Skipped(f"strace fails: {done.stderr.strip()}")
    kinds = {name: kind for kind, names in CALLS.items() for name in names} | dict.fromkeys(
        MEMORY_CALLS
    )
    counts, found, begun = collections.Counter(), collections.defaultdict(list), None
    for line in trace.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
        if not match:
            continue
        thread, call, rest = match.groups()
        counts[thread, call] += 1
        if begun is None and "in/" in rest:
            begun = counts.copy()
        kind = kinds[call]
        writes = kind != "open" or "O_WRONLY" in rest or "O_RDWR" in rest
        # strace counts by thread: the same number of the first thread's call, during loading,
        # would fail as well.
        before = [n for (_, name), n in (begun or {}).items() if name == call]
        is_late = begun is not None and counts[thread, call] > max(before, default=0)
        # Closing the folder itself is left out: Rust's standard library panics if it fails.
        place_name = "outputs/" if kind == "close" else "outputs"
        if (kind is None and is_late) or (kind is not None and place_name in rest and writes):
            found[kind].append((call, counts[thread, call]))
    return found


# --- full disks -----------------------------------------------------------------------------------


def full_disk(case: Case) -> "list[str]":
    """The outputs are on a file system in memory with little space."""
    if os.geteuid() != 0:
        raise Skipped("mounting a file system needs root")
    outputs = case.place / "outputs"
    before = {path.name: path.read_bytes() for path in outputs.iterdir()}
    held = sum(-(-len(content) // 4096) for content in before.values()) + 1
    needed = sum(-(-len(path.read_bytes()) // 4096) for path in _new_outputs(case).iterdir())
    pages = held + case.random.randint(0, 2 * needed + 8)
    case.told = f"a disk of {4 * pages} KiB, {4 * held} KiB of them in use"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={4 * pages}k", "bandcluster-faults", str(outputs)]
    if subprocess.run(mount, capture_output=True).returncode:
        raise Skipped("this machine cannot mount a tmpfs")
    try:
        for name, content in before.items():
            (outputs / name).write_bytes(content)
        judge = case.judge
        found = judge.problems(case.bench.run(case.words(), case.place))
    finally:
        subprocess.run(["umount", "-l", str(outputs)], check=True)
    return found


def _new_outputs(case) -> Path:
    return case.bench.finished(case.job, NEW, case.overwrite) / "outputs"


def file_size(case: Case) -> "list[str]":
    """No file may be larger than some size."""
    largest = max(path.stat().st_size for path in _new_outputs(case).iterdir())
    most = int(largest * case.random.uniform(0, 1.2))
    case.told = f"files of at most {most} bytes"
    judge = case.judge
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most))
    return judge.problems(case.bench.run(case.words(), case.place, preexec_fn=limit))


# --- others at the same files ---------------------------------------------------------------------


def two_writers(case: Case) -> "list[str]":
    """Two runs write the same outputs at once: all outputs are of one of them."""
    moment = case.random.uniform(-0.1, 0.3) * case.bench.seconds(case.job)
    case.told = f"another run begins {1000 * moment:.0f} ms later"
    judge = case.judge
    first, second = (NEW, OLD) if moment >= 0 else (OLD, NEW)
    processes = {first: case.bench.start(case.words(k=first), case.place)}
    time.sleep(abs(moment))
    processes[second] = case.bench.start(case.words(k=second), case.place)
    done = {k: finish(process) for k, process in processes.items()}
    if any(one.hung for one in done.values()):
        return ["hangs"]
    there = contents(case.place / "outputs")
    wanted = {
        k: case.bench.wanted(case.job, k, case.overwrite)
        for k, one in done.items()
        if one.code == 0
    }
    found = [text for one in done.values() if one.code != 0 for text in message_faults(one)]
    if not wanted:
        found.append("neither run succeeds")
    elif there not in wanted.values():
        found.append(
            f"the outputs are of neither run: {differences(there, next(iter(wanted.values())))}"
        )
    if contents(case.place / "in") != judge.inputs:
        found.append("an input was changed")
    return found


def inputs(case: Case) -> "list[str]":
    """An input is replaced, cut, written over or removed while a run reads."""
    if case.job in ("merge",):
        raise Skipped("it reads its inputs once")
    how = case.random.choice(["replaced", "cut", "written over", "removed"])
    moment = case.moment() * 0.9
    case.told = f"the scene is {how} after {1000 * moment:.0f} ms"
    judge = case.judge
    scene, other = case.place / "in/scene.tif", case.place / "in/other.tif"
    process = case.bench.start(case.words(), case.place)
    time.sleep(moment)
    # The process is stopped while the scene changes, so that it sees one change.
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGSTOP)
    if how == "replaced":
        shutil.copy(other, case.place / "in/new.tif")
        os.replace(case.place / "in/new.tif", scene)
    elif how == "cut":
        os.truncate(scene, scene.stat().st_size // 2)
    elif how == "written over":
        scene.write_bytes(other.read_bytes())
    else:
        scene.unlink()
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
    changed = case.bench.wanted(case.job, NEW, case.overwrite, "other.tif")
    also = [changed] if how in ("replaced", "written over") else []
    return judge.problems(finish(process), also=also, inputs=False)


# --- little memory --------------------------------------------------------------------------------


def memory(case: Case) -> "list[str]":
    """The process gets little address space."""
    least, enough = _memory_needed(case.bench, case.job)
    most = int(case.random.uniform(least, least + 1.1 * (enough - least)))
    case.told = f"{most >> 10} KiB of address space"
    judge = case.judge
    done = case.bench.run(
        case.words(), case.place, preexec_fn=functools.partial(_limit_memory, most)
    )
    return _under_little_memory(case, judge, done)


def _limit_memory(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _under_little_memory(case, judge, done) -> "list[str]":
    """If a small allocation fails, Rust or C++ aborts: then the rules for a kill apply."""
    loader = done.code == 127 or "error while loading shared libraries" in done.stderr
    ended = re.search(
        r"memory allocation of \d+ bytes failed|std::bad_alloc|out of memory", done.stderr
    )
    if done.code == -signal.SIGABRT and ended:
        case.told += " (ended by the allocator)"
        return judge.problems(done, silent=True)
    if done.code < 0:
        return [f"ends by {signal.Signals(-done.code).name}: {done.stderr.strip()[-200:]}"]
    return judge.problems(
        Done(1, done.stderr, done.seconds) if loader else done, silent=loader, leftovers=False
    )


@once
def _memory_needed(bench: Bench, job: str) -> "tuple[int, int]":
    """The address space that the program needs to start, and the space that the job needs."""
    place = bench.case(bench.folder / f"memory-{job}", job, True)

    def least(words, low, high):
        while high - low > 1 << 20:
            middle = (low + high) // 2
            limit = functools.partial(_limit_memory, middle)
            done = bench.run([bench.binary, *words], place, preexec_fn=limit)
            low, high = (low, middle) if done.code == 0 else (middle, high)
        return high

    starts = least(["info", "in/model3.json"], 1 << 20, 4 << 30)
    return starts, least(bench.words(job, NEW, True), starts, 4 << 30)


# Few points: the test is about memory, and time grows with their square.
FITS = {
    "kmeans": {"n_clusters": 8},
    "bisecting": {"n_clusters": 6, "n_init": 1},
    "isodata": {},
    "gmm": {"n_components": 4, "max_iter": 5},
    "agglomerative": {"n_representatives": 1500},
    "birch": {"n_representatives": 1500},
    "dbscan": {"n_representatives": 400},
    "optics": {"n_representatives": 1500},
    "hdbscan": {"n_representatives": 1500},
    "meanshift": {"n_representatives": 300},
    "spectral": {"n_representatives": 400},
    "affinity": {"n_representatives": 200},
}


def fits(case: Case) -> "list[str]":
    """Limits the address space of a Python process: no algorithm may end it."""
    algorithm, threads = case.random.choice(list(FITS)), case.random.choice([1, 2])
    # 1 to 512 MiB, evenly distributed on a logarithmic scale.
    more = int(2 ** case.random.uniform(20, 29))
    case.told = f"{algorithm} on {threads} threads in {more >> 10} KiB more"
    host = Path(__file__).parent / "host.py"
    command = ["env", "OPENBLAS_NUM_THREADS=1", sys.executable, host, algorithm, threads, more]
    done = case.bench.run(
        [*command, json.dumps(FITS[algorithm])], case.place, stdout=subprocess.PIPE, patience=300
    )
    if done.hung:
        return [f"hangs for {done.seconds:.0f} s"]
    if done.code != 0:
        how = signal.Signals(-done.code).name if done.code < 0 else f"exit {done.code}"
        return [f"the host ends by {how}: {done.stderr.strip()[-200:]}"]
    case.told += f": {done.stdout[:100]}"
    sentence = r"out of memory: .*the system does not give .*"
    ends_well = done.stdout in ("done", "out of memory in Python") or re.fullmatch(
        sentence, done.stdout
    )
    return [] if ends_well else [f"says {done.stdout!r}"]


KINDS = {
    "signals": signals,
    "file-size": file_size,
    "two-writers": two_writers,
    "inputs": inputs,
    "memory": memory,
    "full-disk": full_disk,
    "signals-at-calls": signals_at_calls,
    "threads": threads,
    "memory-calls": memory_calls,
    "fits": fits,
    **{kind: failing(kind) for kind in CALLS},
}

"""The interpreter ends cleanly while daemon threads are inside the library."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from scenes import DATA, PLUGIN

# Threads that work until the process ends; how they work, and when it ends, are arguments.
PROGRAM = """
import atexit, os, sys, threading, time, warnings
import numpy as np
# Python 3.12 and later warn of a fork where there are threads, which is what is tried here.
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
# These are registered before the library's own handler, so they run after it.
if "fork" in sys.argv:
    atexit.register(lambda: "forked" in globals() and time.monotonic() - forked < 20 and \
print("at once"))
if "handler" in sys.argv:
    atexit.register(lambda: print(bandcluster.fit(np.eye(6).reshape(1, 6, 6), 2, \
progress=progress).counts))
import bandcluster

scene, folder, seconds, how, with_progress = sys.argv[1:6]
pixels = np.random.default_rng(1).integers(0, 4000, (4, 100, 100), np.uint16)
progress = (lambda fraction, message: time.sleep(0.001)) if with_progress == "True" else None

def work(number):
    while True:
        if how == "fit":
            bandcluster.fit(pixels, 200, n_init=100_000, progress=progress)
        elif how == "predict":
            model.predict(pixels, progress=progress)
        elif how == "files":
            map = f"{folder}/{number}.tif"
            bandcluster.cluster_file(scene, map, n_clusters=200, n_init=100_000, overwrite=True, \
progress=progress)
        else:
            bandcluster.info(scene)

model = bandcluster.fit(pixels, 5, max_iter=5)
for number in range(2):
    threading.Thread(target=work, args=(number,), daemon=True).start()
time.sleep(float(seconds))
if "fork" in sys.argv and os.fork() == 0:
    forked = time.monotonic()
    sys.exit()
"""


def end(folder, seconds, how, progress=False, *more):
    """The finished process."""
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        DATA / "l7_uint8.tif",
        folder,
        seconds,
        how,
        progress,
        *more,
    ]
    # glibc overwrites freed memory: reading it crashes
    environment = {**os.environ, "PYTHONPATH": str(PLUGIN), "MALLOC_PERTURB_": "165"}
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, env=environment)


@pytest.mark.parametrize("how, times", [("fit", 20), ("predict", 8), ("files", 8), ("info", 8)])
def test_daemon_threads_end_with_the_interpreter(tmp_path, how, times):
    seconds = random.Random(how)
    cases = [(seconds.uniform(0, 0.3), how, number % 2 == 0) for number in range(times)]
    with ThreadPoolExecutor(4) as pool:
        for done in pool.map(lambda case: end(tmp_path, *case), cases):
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_exit_handler_may_use_the_library(tmp_path):
    done = end(tmp_path, 0.2, "fit", True, "handler")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[30  6]\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_waits_for_none_of_its_parents_threads(tmp_path):
    done = end(tmp_path, 0.2, "fit", True, "fork")
    assert (done.returncode, done.stdout, done.stderr) == (0, "at once\n", "")


@pytest.mark.skipif(
    sys.platform == "win32", reason="no process can interrupt another; tests/platforms types Ctrl-C"
)
def test_ctrl_c_ends_a_fit(tmp_path):
    """Run in a process of its own, because test runners handle the signal."""
    program = (
        "import bandcluster, numpy as np, signal\n"
        # a background process ignores the signal
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "pixels = np.random.default_rng(1).integers(0, 4000, (4, 200, 200), np.uint16)\n"
        "try:\n"
        "    print('begins', flush=True)\n"
        "    bandcluster.fit(pixels, 200, n_init=100_000)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    for delay in (0.05, 0.2, 0.5, 1, 2):
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": str(PLUGIN)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout.readline() == "begins\n"
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            printed, said = process.communicate(
                timeout=120
            )  # usually 0.05 s; the fit would take hours
        finally:
            process.kill()
        assert (process.returncode, printed, said) == (0, "interrupted\n", ""), delay

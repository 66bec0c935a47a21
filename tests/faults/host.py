#!/usr/bin/env python3
"""A program with little memory that uses the library: fits, predicts, refines, saves.

    host.py ALGORITHM THREADS BYTES [OPTIONS]

It prints the result. Its address space may grow by at most BYTES.
"""

import json
import os
import pickle
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "plugin"))
import bandcluster  # noqa: E402
import numpy as np  # noqa: E402

SIDE = 250


def main():
    algorithm, threads, more = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    options = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    random = np.random.default_rng(1)
    fields = random.integers(0, 4, (1, SIDE, SIDE)) * 500
    image = (fields + random.normal(300, 60, (4, SIDE, SIDE))).astype(np.uint16)
    bandcluster.load_library()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        model = bandcluster.fit(image, algorithm=algorithm, threads=threads, **options)
        model.predict(image, threads=threads)
        summary = bandcluster.Summary(len(image), image.dtype, memory=64)
        summary.add(image, threads=threads)
        bandcluster.choose_k(pickle.loads(pickle.dumps(summary)), 2, 4, n_init=2, threads=threads)
        refinement = bandcluster.Refinement(model, image.dtype)
        refinement.add(image, threads=threads)
        pickle.loads(pickle.dumps(refinement))
        told = "done"
    except bandcluster.OutOfMemory as error:
        told = f"out of memory: {error}"
    except MemoryError:
        told = "out of memory in Python"
    os.write(1, told.encode())
    # A normal exit of the interpreter would need memory, too.
    os._exit(0)


if __name__ == "__main__":
    main()

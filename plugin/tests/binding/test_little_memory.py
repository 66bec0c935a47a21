"""Without memory there is an error, and the process goes on."""

import os
import subprocess
import sys
from pathlib import Path

import bandcluster
import numpy as np
import pytest

PACKAGE = Path(bandcluster.__file__).parent.parent

# Fits once with the memory that the process has and a little more.
PROGRAM = """
import sys, resource
import numpy as np, bandcluster
options = eval(sys.argv[1])
scene = np.random.default_rng(0).integers(0, 3000, (4, 300, 300)).astype(np.uint16)
bandcluster.fit(scene, 3, n_init=1, threads=1)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    bandcluster.fit(scene, threads=1, **options)
except bandcluster.OutOfMemory as error:
    print(error)
"""


def test_more_labels_and_bands_than_memory():
    with pytest.raises(bandcluster.OutOfMemory, match="65535 labels in 1000000 bands"):
        bandcluster.ZonalMeans(65535, 1_000_000, np.float64)


def test_a_summary_of_more_bands_than_memory():
    with pytest.raises(bandcluster.OutOfMemory, match="a summary of 100000000 bands"):
        bandcluster.Summary(100_000_000, np.float64, memory=1 << 30)
    with pytest.raises(bandcluster.InvalidArgument, match="too few"):
        bandcluster.Summary(100_000_000, np.float64)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is set as Linux has it")
@pytest.mark.parametrize(
    "options",
    [
        {"algorithm": "affinity", "n_representatives": 3000},
        {"algorithm": "spectral", "n_representatives": 3000, "n_clusters": 3},
        {"algorithm": "agglomerative", "n_representatives": 5000, "n_clusters": 3},
    ],
    ids=str,
)
def test_a_fit_in_little_memory(options):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, repr(options), str(16 << 20)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "MiB of memory, and the system does not give that much" in done.stdout

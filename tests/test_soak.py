"""A short form of `make soak`: the same cases every time."""

import sys

from helpers import ROOT, run


def test_random_scenes_through_random_jobs():
    soak = ROOT / "tests" / "soak" / "soak.py"
    done = run(sys.executable, soak, "--seed", 1, "--cases", 60, "--minutes", 55)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("60 cases"), done.stdout

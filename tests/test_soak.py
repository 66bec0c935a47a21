"""A short form of `make soak`: the same cases every time."""

import sys

import pytest
from helpers import ROOT, run

SOAK = ROOT / "tests" / "soak" / "soak.py"


def soak(seed, cases):
    done = run(sys.executable, SOAK, "--seed", seed, "--cases", cases, "--minutes", 55)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{cases} case"), done.stdout


def test_random_scenes_through_random_jobs():
    soak(1, 60)


# Few pixels, of which most starts miss the best classes; a single pixel of floats.
@pytest.mark.parametrize("seed", [30402, 30735, 74205, 75031, 76978])
def test_cases_that_failed_once(seed):
    soak(seed, 1)

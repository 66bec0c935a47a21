"""Instructions per pixel of the hot loops, counted by callgrind, from commit to commit.

Times are too noisy for a test; counts are the same in every run. They depend on the compiler, so
benches/counts.json has two margins. `make bless-counts` writes that file.
"""

import json
import os
import re
import subprocess

import pytest
from helpers import ROOT, must

COUNTS = ROOT / "benches" / "counts.json"
KNOWN = json.loads(COUNTS.read_text())
NAMES = re.findall(
    r'^    "(\w+-\w+)",$', (ROOT / "benches" / "counts.rs").read_text(), re.MULTILINE
)
PIXELS = 256 * 256


def has_avx2() -> bool:
    return "avx2" in open("/proc/cpuinfo").read()


BLESSING = bool(os.environ.get("BANDCLUSTER_BLESS"))


def rustc() -> str:
    return must("rustc", "--version").split()[1]


@pytest.fixture(scope="session")
def program():
    """Builds the bench that runs one pass; returns its path."""
    command = ["cargo", "bench", "--bench", "counts", "--no-run", "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    return next(m["executable"] for m in messages if m.get("target", {}).get("name") == "counts")


def per_pixel(program, name, folder) -> float:
    """Instructions of the pass alone, divided by the pixels."""
    valgrind = ["valgrind", "--tool=callgrind", "--toggle-collect=counts::measured*"]
    valgrind.append(f"--callgrind-out-file={folder / 'callgrind.out'}")
    done = subprocess.run([*valgrind, program, name], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert done.returncode == 0 and found and int(found[1]) > PIXELS, done.stderr
    return round(int(found[1]) / PIXELS, 1)


@pytest.mark.skipif(
    not has_avx2() and not BLESSING,
    reason="other vector code runs without AVX2, and has other counts",
)
@pytest.mark.parametrize("name", NAMES)
def test_instructions_per_pixel(program, name, tmp_path):
    assert has_avx2(), (
        "counts are those of the code for AVX2, which this machine does not have: run"
        " `make bless-counts` on another"
    )
    found = per_pixel(program, name, tmp_path)
    if BLESSING:
        return bless(name, found)
    expected = KNOWN["instructions_per_pixel"].get(name)
    assert expected, (
        f"{name}: {found} instructions per pixel, but there is no count to compare them with:"
        " run `make bless-counts`"
    )
    margin = KNOWN["margin"] if rustc() == KNOWN["rustc"] else KNOWN["margin_of_other_compilers"]
    assert abs(found - expected) <= margin * expected, (
        f"{name}: {found} instructions per pixel, expected {expected} within {margin:.0%}; if the"
        " change is intended, run `make bless-counts` and give the reason in the commit"
    )


def bless(name, found):
    known = json.loads(COUNTS.read_text())
    known["rustc"] = rustc()
    known["instructions_per_pixel"][name] = found
    COUNTS.write_text(json.dumps(known, indent=4) + "\n")

"""A short form of `make faults`: what needs neither strace nor root."""

import sys

from helpers import ROOT, run

KINDS = "signals,file-size,two-writers,inputs"


def test_disturbed_jobs_leave_everything_old_or_everything_new(tmp_path):
    faults = ROOT / "tests" / "faults" / "faults.py"
    done = run(sys.executable, faults, "--only", KINDS, "--cases", 12, "--folder", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []

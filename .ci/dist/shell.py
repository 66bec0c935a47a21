"""Running other programs."""

import os
import shutil
import subprocess

from targets import ROOT

VENV = ROOT / "target" / "dist" / "venv"


class Failed(Exception):
    """A step failed; the message says why."""


def run(*command, cwd=ROOT, **environment) -> str:
    """Runs a program and returns what it prints.

    Programs are Debian's own, or from the environment of `make dist`.
    """
    path = f"{VENV / 'bin'}:/usr/bin:/bin"
    words = [str(word) for word in command]
    program = shutil.which(words[0], path=path)
    if program is None:
        raise Failed(f"{words[0]} is missing: run .ci/setup dist")
    variables = {
        **os.environ,
        "PATH": path,
        **{name: str(value) for name, value in environment.items()},
    }
    done = subprocess.run(
        [program, *words[1:]], cwd=cwd, env=variables, capture_output=True, text=True
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        raise Failed(f"`{' '.join(words)}` exited {done.returncode}:\n{said}")
    return done.stdout

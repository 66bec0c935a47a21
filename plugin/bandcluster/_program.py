"""The command `bandcluster` of a Python environment: starts the program in the package."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from ._gdal import environment
from ._library import development_folder

_NAME = "bandcluster.exe" if sys.platform == "win32" else "bandcluster"


def main() -> int:
    """Run the program with this process's arguments.

    It finds the GDAL of this environment or of the system.
    """
    folders = (Path(__file__).resolve().parent / "bin", development_folder())
    program = next((folder / _NAME for folder in folders if (folder / _NAME).is_file()), None)
    if program is None:
        print(
            f"bandcluster: the program is missing in {folders[0]}: install the package again",
            file=sys.stderr,
        )
        return 1
    command, env = [str(program), *sys.argv[1:]], {**os.environ, **environment()}
    if sys.platform != "win32":
        os.execve(
            program, command, env
        )  # the program replaces this process: same signals and exit code
    # Windows has no such call. Ctrl-C reaches both processes; the program ends its job.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command, env=env).returncode

"""The native part of a wheel: builds library and command line with Cargo.

Hatchling runs it for `pip install .` and the like (pyproject.toml names it). Two environment
variables are for those who have built already, also for another platform:

- ``BANDCLUSTER_BUILT``: the folder of a ready library and program, such as ``target/release``;
  Cargo is not run.
- ``BANDCLUSTER_PLATFORM``: the platform in the wheel's name, such as ``win_amd64``; without it, the
  one of this Python.
"""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARIES = ("libbandcluster.so", "libbandcluster.dylib", "bandcluster.dll", "libbandcluster.dll")
PROGRAMS = ("bandcluster", "bandcluster.exe")


class NativeHook(BuildHookInterface):
    """Adds library and program to a wheel; an editable install uses those in target/release."""

    def initialize(self, version, build_data):
        given = os.environ.get("BANDCLUSTER_BUILT")
        folder = Path(self.root, given) if given else build(Path(self.root))
        library, program = one_of(folder, LIBRARIES), one_of(folder, PROGRAMS)
        build_data["pure_python"] = False
        # ctypes works with any Python: one wheel for all Pythons of a platform.
        build_data["tag"] = f"py3-none-{os.environ.get('BANDCLUSTER_PLATFORM') or platform()}"
        if version != "editable":
            build_data["force_include"][str(library)] = f"bandcluster/{library.name}"
            build_data["force_include"][str(program)] = f"bandcluster/bin/{program.name}"


def build(root):
    """Builds library and program if sources are newer; returns their folder."""
    cargo = shutil.which("cargo") or shutil.which("cargo", path=Path.home() / ".cargo" / "bin")
    if cargo is None:
        raise SystemExit(
            "bandcluster is built with Cargo, which was not found: install Rust 1.85 or later"
            " (https://rustup.rs), or set BANDCLUSTER_BUILT to the folder of a library and program"
            " that are built"
        )
    # The project's own folder, which `make build` also fills; CARGO_TARGET_DIR is ignored.
    target = root / "target"
    subprocess.run(
        [cargo, "build", "--release", "--locked", "--target-dir", target], cwd=root, check=True
    )
    return target / os.environ.get("CARGO_BUILD_TARGET", "") / "release"


def one_of(folder, names):
    """The file in a folder that has one of these names."""
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise SystemExit(
        f"{folder} has no {' nor '.join(names)}: build it with `cargo build --release`"
    )


def platform():
    """This Python's platform, as in the names of wheels."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")

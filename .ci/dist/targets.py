"""The platforms that are published, and what packages call them."""

import runpy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The oldest systems that what is built runs on.
GLIBC = "2.17"
MACOS = "11.0"

FILE_NAMES = runpy.run_path(str(ROOT / "plugin" / "bandcluster" / "_platform.py"))["FILE_NAMES"]


@dataclass(frozen=True)
class Target:
    """A platform: its name in the plugin's ZIP, Rust's name of it, that of its wheels, that of its
    Debian packages.
    """

    platform: str
    triple: str
    wheel: str
    debian: str = ""

    @property
    def system(self) -> str:
        return self.platform.partition("-")[0]

    @property
    def library(self) -> str:
        """The shared library's file."""
        return FILE_NAMES[self.system]

    @property
    def program(self) -> str:
        return "bandcluster.exe" if self.system == "windows" else "bandcluster"

    @property
    def folder(self) -> Path:
        """Where what Cargo has built for it is put."""
        return ROOT / "target" / "dist" / "built" / self.platform


TARGETS = [
    Target(
        "linux-x86_64",
        "x86_64-unknown-linux-gnu",
        f"manylinux_{GLIBC.replace('.', '_')}_x86_64",
        "amd64",
    ),
    Target(
        "linux-arm64",
        "aarch64-unknown-linux-gnu",
        f"manylinux_{GLIBC.replace('.', '_')}_aarch64",
        "arm64",
    ),
    Target("windows-x86_64", "x86_64-pc-windows-gnu", "win_amd64"),
    Target("macos-arm64", "aarch64-apple-darwin", f"macosx_{MACOS.replace('.', '_')}_arm64"),
    Target("macos-x86_64", "x86_64-apple-darwin", f"macosx_{MACOS.replace('.', '_')}_x86_64"),
]

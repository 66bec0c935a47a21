"""The platforms that are published, and their names in packages."""

import runpy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The oldest supported systems.
GLIBC = "2.17"
MACOS = "11.0"

FILE_NAMES = runpy.run_path(str(ROOT / "plugin" / "bandcluster" / "_platform.py"))["FILE_NAMES"]


@dataclass(frozen=True)
class Target:
    """A platform and its names in the plugin's ZIP, in Rust, in wheels and in Debian packages."""

    platform: str
    triple: str
    wheel: str
    debian: str = ""

    @property
    def system(self) -> str:
        return self.platform.partition("-")[0]

    @property
    def library(self) -> str:
        """The file name of the shared library."""
        return FILE_NAMES[self.system]

    @property
    def program(self) -> str:
        return "bandcluster.exe" if self.system == "windows" else "bandcluster"

    @property
    def folder(self) -> Path:
        """The folder of Cargo's results for this platform."""
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

"""The platforms that the native library is built for, and the one of this Python.

Imports nothing of the package.
"""

from __future__ import annotations

import platform
import sys
import sysconfig

#: What the library's file is called on each system.
FILE_NAMES = {
    "linux": "libbandcluster.so",
    "macos": "libbandcluster.dylib",
    "windows": "bandcluster.dll",
}

_SYSTEMS = {"darwin": "macos", "win32": "windows"}
_PROCESSORS = {"amd64": "x86_64", "aarch64": "arm64"}


def this_platform() -> str:
    """System and processor of this Python, such as ``linux-x86_64`` or ``macos-arm64``."""
    # On Windows, an ARM machine may run a Python for Intel: Python's own platform counts.
    processor = (
        sysconfig.get_platform().partition("-")[2]
        if sys.platform == "win32"
        else platform.machine()
    )
    processor = processor.lower() or "x86"
    return f"{_SYSTEMS.get(sys.platform, sys.platform)}-{_PROCESSORS.get(processor, processor)}"

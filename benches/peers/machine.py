"""The machine that the comparison runs on, and the versions of the programs."""

import os
import platform
import re
import subprocess
import tempfile
from pathlib import Path

from contenders import PEER_PYTHON, ROOT, qgis_process
from measure import memory

PACKAGES = {
    "scikit-learn": "scikit-learn",
    "scikit-learn-intelex": "scikit-learn-intelex",
    "faiss": "faiss-cpu",
    "rasterio": "rasterio",
    "NumPy of the peers": "numpy",
}


def machine():
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory": memory()["MemTotal"],
        "system": system(),
        "load": os.getloadavg()[0],
    }


def processor():
    """The processor's name and its vector units, because virtual machines shorten the name."""
    facts = Path("/proc/cpuinfo").read_text()
    name = re.search(r"model name\s*: (.*)", facts)
    vectors = [word for word in ("avx2", "avx512f") if re.search(rf"\b{word}\b", facts)]
    return f"{name.group(1) if name else platform.machine()} ({', '.join(vectors) or 'no AVX2'})"


def system():
    pairs = (
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    return dict(pairs)["PRETTY_NAME"].strip('"')


def versions(program, peers):
    """The versions of the installed programs, by name."""
    found = {
        "bandcluster": said([program, "--version"], r"(\d\S*)"),
        "commit": said(["git", "-C", ROOT, "describe", "--always", "--dirty"], r"(\S+)"),
        "GDAL": said(["gdalinfo", "--version"], r"(\d\S*),"),
    }
    found["Python"] = platform.python_version()
    with tempfile.TemporaryDirectory() as home:
        found["QGIS"] = said(
            [qgis_process(), "--version"],
            r"QGIS (\d[\d.]*)",
            QT_QPA_PLATFORM="offscreen",
            HOME=home,
        )
    found["compiler"] = said(["cc", "--version"], r"(.*)")
    if peers:
        found.update(python_versions())
        found["linfa"] = of_crate("linfa-clustering")
        found["GRASS"] = said(["grass", "--version"], r"(\d+\.\d\S*)")
        found["SAGA"] = said(["saga_cmd", "--version"], r"(\d+\.\d\S*)")
    return {name: version for name, version in found.items() if version}


def python_versions():
    code = (
        f"from importlib.metadata import version\nfor p in {list(PACKAGES.values())!r}:"
        " print(version(p))"
    )
    return dict(zip(PACKAGES, (said([PEER_PYTHON, "-c", code], r"(?s)(.*)") or "").split()))


def of_crate(name):
    """The version of a crate in Cargo.lock."""
    found = re.search(rf'name = "{name}"\nversion = "(.*)"', (ROOT / "Cargo.lock").read_text())
    return found and found.group(1)


def said(command, pattern, **environment):
    """The pattern's group in a command's output; None if there is no such command."""
    try:
        answer = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(pattern, answer.stdout + answer.stderr)
    return found.group(1).strip() if found else None

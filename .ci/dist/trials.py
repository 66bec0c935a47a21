"""Tries archives: links a C program that clusters a scene, and runs it if possible.

The centres that it prints and the labels that it writes must be the same bytes everywhere.
"""

import hashlib
import os
import subprocess
import tarfile
import tempfile
import zipfile
from array import array
from pathlib import Path

from shell import VENV, Failed, run
from targets import GLIBC, ROOT, Target

PROJECT = ROOT / "tests" / "cmake"
PROGRAMS = ("shared", "static", "cpp")
QEMU = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]


def try_archive(target: Target, archive: Path) -> "tuple[str, str]":
    """What was tried, in a few words, and the output of the programs if they were run."""
    if target.system == "macos":
        return "exports, oldest macOS, install name; not linked, not run", ""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        build = with_cmake(target, unpack(archive, folder), folder)
        if target.system == "windows":
            return "exports; linked by CMake and MinGW, shared and static; not run", ""
        answers = {answer(target, build / name, folder) for name in PROGRAMS}
    if len(answers) != 1:
        raise Failed(
            f"programs in C and C++ that use {archive.name} shared and static do not agree"
        )
    where = "run under qemu" if target.platform == "linux-arm64" else "run"
    return f"exports, oldest glibc; linked by CMake, shared and static; {where}", answers.pop()


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks an archive; returns its prefix."""
    if archive.suffix == ".zip":
        zipfile.ZipFile(archive).extractall(folder)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(folder)
    return next(path for path in folder.iterdir() if path.is_dir())


def with_cmake(target: Target, prefix: Path, folder: Path) -> Path:
    """Builds tests/cmake, which calls ``find_package(bandcluster)``; returns its folder."""
    settings = [
        f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_BUILD_TYPE=Release",
        *cross(target, folder),
    ]
    run("cmake", "-S", PROJECT, "-B", folder / "build", *settings)
    run("cmake", "--build", folder / "build")
    return folder / "build"


def cross(target: Target, folder: Path) -> "list[str]":
    """CMake's settings for a compiler for another platform."""
    if target.system == "windows":
        system, compilers = (
            "Windows",
            ("x86_64-w64-mingw32-gcc-posix", "x86_64-w64-mingw32-g++-posix"),
        )
    elif target.platform == "linux-arm64":
        system, compilers = "Linux", (zig("cc", folder), zig("c++", folder))
    else:
        return []
    settings = [f"-DCMAKE_SYSTEM_NAME={system}"]
    return settings + [
        f"-DCMAKE_{name}_COMPILER={one}" for name, one in zip(("C", "CXX"), compilers)
    ]


def zig(language: str, folder: Path) -> Path:
    """zig's compiler for arm64, as one command."""
    command = folder / f"zig-{language}"
    python = VENV / "bin" / "python"
    command.write_text(
        f'#!/bin/sh\nexec {python} -m ziglang {language} -target aarch64-linux-gnu.{GLIBC} "$@"\n'
    )
    command.chmod(0o755)
    return command


def answer(target: Target, program: Path, folder: Path) -> str:
    """The classes that a program prints for a scene, and the checksum of its labels."""
    labels = folder / "labels.raw"
    emulator = QEMU if target.platform == "linux-arm64" else []
    command = [*emulator, program, *scene(folder), "4", "bsq", labels]
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment(folder)
    )
    if done.returncode or not done.stdout:
        raise Failed(
            f"{program.name} for {target.platform} exited {done.returncode}:"
            f" {done.stdout}{done.stderr}"
        )
    return done.stdout + hashlib.sha256(labels.read_bytes()).hexdigest()


def environment(folder: Path) -> "dict[str, str]":
    """The loader's variables.

    CMake wrote the library's path into the program, but not with zig's compiler.
    """
    [library] = folder.glob("bandcluster-*/lib")
    return {**os.environ, "LD_LIBRARY_PATH": str(library)}


def scene(folder: Path) -> "list[object]":
    """Writes a raw scene; returns the arguments of cluster_raw.

    It has three bands of four patches with a little noise.
    """
    width, height, n_bands = 120, 100, 3
    samples = array("H")
    for band in range(n_bands):
        for row in range(height):
            for column in range(width):
                patch = (row * 2 // height) * 2 + column * 2 // width
                roughness = (row * 31 + column * 17 + band * 7) % 23
                samples.append(300 + 400 * ((patch * (band + 2)) % 5) + 9 * roughness)
    (folder / "scene.raw").write_bytes(samples.tobytes())
    return [folder / "scene.raw", width, height, n_bands, "uint16"]

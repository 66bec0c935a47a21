"""Archives for C, C++ and the command line, and packages for Debian."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

import native
from shell import run
from targets import GLIBC, ROOT, Target

PACKAGING = ROOT / "packaging"
LICENSES = ("LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.txt")


def tree(target: Target, folder: Path, version: str) -> None:
    """Fills a prefix: bin, lib, include, share.

    For another platform, ``program`` of this machine writes the manual.
    """
    place(target.folder / target.program, folder / "bin", executable=True)
    for header in ("bandcluster.h", "bandcluster.hpp"):
        place(ROOT / "include" / header, folder / "include")
    shared_library(target, folder, version)
    place(target.folder / "libbandcluster.a", folder / "lib")
    # A relative path: the archive can be unpacked anywhere.
    fill(
        "bandcluster.pc", folder / "lib" / "pkgconfig", PREFIX="${pcfiledir}/../..", VERSION=version
    )
    place(PACKAGING / "bandcluster-config.cmake", folder / "lib" / "cmake" / "bandcluster")
    fill(
        "bandcluster-config-version.cmake",
        folder / "lib" / "cmake" / "bandcluster",
        VERSION=version,
    )
    for name in LICENSES:
        place(ROOT / name, folder / "share" / "doc" / "bandcluster")


def shared_library(target: Target, folder: Path, version: str) -> None:
    library = target.folder / target.library
    if target.system == "windows":
        place(library, folder / "bin")
        for name in ("libbandcluster.dll.a", "bandcluster.lib"):
            place(target.folder / name, folder / "lib")
        return
    patterns = {"linux": "libbandcluster.so.{}", "macos": "libbandcluster.{}.dylib"}
    full, short = (
        patterns[target.system].format(number) for number in (version, native.abi_version())
    )
    place(library, folder / "lib", full)
    (folder / "lib" / short).symlink_to(full)
    (folder / "lib" / target.library).symlink_to(short)


def place(file: Path, folder: Path, name: str = "", executable: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / (name or file.name)
    shutil.copyfile(file, copy)
    copy.chmod(0o755 if executable else 0o644)


def fill(name: str, folder: Path, **values: str) -> None:
    """Writes a file of packaging/ with its values."""
    text = (PACKAGING / f"{name}.in").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def manual(folder: Path, program: Path) -> None:
    """Writes manual pages and completions, which are the same on all platforms."""
    run(program, "generate", folder / "share")


def archive(target: Target, dist: Path, version: str, program: Path) -> Path:
    """A .tar.gz (for Windows a .zip) of a prefix; ``program`` is a bandcluster that runs here."""
    name = f"bandcluster-{version}-{target.platform}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, name)
        tree(target, folder, version)
        manual(folder, program)
        if target.system == "windows":
            return zip_of(folder, dist / f"{name}.zip")
        return tar_of(folder, dist / f"{name}.tar.gz")


def zip_of(folder: Path, output: Path) -> Path:
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            made.write(file, file.relative_to(folder.parent))
    return output


def tar_of(folder: Path, output: Path) -> Path:
    with tarfile.open(output, "w:gz") as made:
        made.add(folder, folder.name, filter=owned_by_root)
    return output


def owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def debian_package(target: Target, dist: Path, version: str, program: Path) -> Path:
    """A Debian package with command line, library and headers, made by dpkg-deb.

    It is for all current Debian and Ubuntu releases.
    """
    output = dist / f"bandcluster_{version}_{target.debian}.deb"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary, "root")
        usr = root / "usr"
        tree(target, usr, version)
        manual(usr, program)
        for page in (usr / "share" / "man").rglob("*.1"):
            subprocess.run(["gzip", "-9n", page], check=True)
        documents = usr / "share" / "doc" / "bandcluster"
        (documents / "LICENSE").rename(documents / "copyright")
        size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file()) // 1024
        values = {
            "VERSION": version,
            "ARCHITECTURE": target.debian,
            "SIZE": str(size),
            "GLIBC": GLIBC,
        }
        fill("control", root / "DEBIAN", **values)
        # ldconfig makes programs find the new library at once.
        (root / "DEBIAN" / "triggers").write_text("activate-noawait ldconfig\n", encoding="ascii")
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                os.chmod(path, 0o755)
        run("dpkg-deb", "--build", "--root-owner-group", root, output)
    return output

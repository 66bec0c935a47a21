"""Finds the native library in a wheel, if the plugin came without it.

The plugin in QGIS's plugin repository has no library. `wheels.json` beside this file lists the
wheels of the release with their SHA-256; plugin/build_python_zip.py writes it, and other ZIPs do
not have it. pip or the user has put a wheel into a folder of the profile. Its content is used only
if its SHA-256 is the listed one.
"""

import contextlib
import hashlib
import json
import os
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from qgis.core import QgsApplication

from .translation import tr

_LIST = Path(__file__).parent / "wheels.json"
# The parts of wheels' names for the systems and processors of bandcluster's platforms.
_SYSTEMS = {"linux": ("linux_", "manylinux"), "macos": ("macosx_",), "windows": ("win_",)}
_PROCESSORS = {
    "x86_64": ("_x86_64", "_amd64", "_universal2"),
    "arm64": ("_aarch64", "_arm64", "_universal2"),
}
_LIBRARY = re.compile(r"bandcluster/[^/]+\.(so|dylib|dll)")


class NoLibrary(Exception):
    """No usable wheel; the message says what to do."""


def are_listed() -> bool:
    """Whether this plugin came without a library."""
    return _LIST.is_file()


def version() -> str:
    return _listed()["version"]


def folder() -> "Path | None":
    """The folder of wheels in the profile; None for a QGIS without a profile."""
    profile = QgsApplication.qgisSettingsDirPath()
    return Path(profile) / "bandcluster" / "wheels" if os.path.isabs(profile) else None


def library() -> "tuple[str, bytes] | None":
    """Name and content of the library in the stored wheel; None if there is no wheel.

    Raises NoLibrary for a wheel that does not belong to the release.
    """
    name, kept = name_for_here(), folder()
    if kept is None or not (kept / name).is_file():
        return None
    return _library_in(_checked(kept / name, {name}))


def keep(file) -> None:
    """Stores a wheel that was fetched or that the user chose, and deletes older ones.

    Its file may have any name. Raises NoLibrary if it is not the release's wheel for this computer.
    """
    name, kept = name_for_here(), folder()
    content = _checked(Path(file), set(_listed()["wheels"]))
    if hashlib.sha256(content).hexdigest() != _listed()["wheels"][name]:
        raise NoLibrary(
            tr("{file} is for another kind of computer; choose {wanted}").format(
                file=file, wanted=name
            )
        )
    if kept is None:
        raise NoLibrary(tr("this QGIS has no profile to keep the library in"))
    kept.mkdir(parents=True, exist_ok=True)
    partial = kept / f"{name}.part"
    partial.write_bytes(content)
    partial.replace(kept / name)
    for other in kept.iterdir():
        if other.name != name and other.is_file():
            with contextlib.suppress(OSError):
                other.unlink()


def name_for_here() -> str:
    """The name of the wheel for this computer; raises NoLibrary if there is none."""
    here = _this_platform()
    system, _, processor = here.partition("-")
    for name in _listed()["wheels"]:
        tag = _tag(name)
        if tag.startswith(_SYSTEMS.get(system, ())) and tag.endswith(
            _PROCESSORS.get(processor, ())
        ):
            return name
    raise NoLibrary(
        tr(
            "there is no library of bandcluster for {platform}, only for {platforms}; build it from"
            " the sources, and set the environment variable BANDCLUSTER_LIBRARY to its file"
        ).format(platform=here, platforms=", ".join(map(_tag, _listed()["wheels"])))
    )


def arguments(target) -> "list[str]":
    """pip's arguments to fetch this computer's wheel, also on another computer."""
    options = [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--platform",
        _tag(name_for_here()).split(".")[0],
    ]
    return ["-m", "pip", "download", *options, "--dest", str(target), f"bandcluster=={version()}"]


def command(target) -> str:
    """The same as a command for a terminal."""
    words = ["python" if sys.platform == "win32" else "python3", *arguments(target)]
    return " ".join(f'"{word}"' if re.search(r"[^\w.:=/\\-]", word) else word for word in words)


def missing() -> str:
    """What to do if the library is missing, in one line."""
    text = tr("bandcluster {} came without its library, which is not on this computer yet").format(
        version()
    )
    if QgsApplication.platform() == "desktop":
        return f"{text}: " + tr("choose “bandcluster: get the library” in the menu Help > Plugins")
    target = folder()
    if target is None:
        return f"{text}: " + tr("set the environment variable BANDCLUSTER_LIBRARY to its file")
    return f"{text}: " + tr("to fetch it, type: {}").format(command(target))


def _listed() -> dict:
    return json.loads(_LIST.read_text(encoding="utf-8"))


def _tag(name) -> str:
    """The platforms in the name of a wheel, such as manylinux_2_17_x86_64."""
    return name[: -len(".whl")].rpartition("-")[2]


def _this_platform() -> str:
    from .binding import bandcluster  # it imports this module

    return bandcluster._platform.this_platform()


def _checked(file, names) -> bytes:
    """The content of a file; raises NoLibrary if it is not one of these wheels."""
    content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found not in {_listed()["wheels"][name] for name in names}:
        raise NoLibrary(
            tr(
                "{file} is not the wheel of bandcluster {version} that this plugin knows, or is"
                " damaged (its SHA-256 is {found}); fetch {wanted} again"
            ).format(file=file, version=version(), found=found, wanted=name_for_here())
        )
    return content


def _library_in(content) -> "tuple[str, bytes]":
    with zipfile.ZipFile(BytesIO(content)) as wheel:
        member = next(name for name in wheel.namelist() if _LIBRARY.fullmatch(name))
        return Path(member).name, wheel.read(member)

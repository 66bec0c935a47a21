"""The packages for registries: the plugin's ZIP, wheels, source distribution, crate."""

import re
import shutil
import tempfile
from pathlib import Path

from shell import VENV, Failed, run
from targets import ROOT, Target

# QGIS's plugin repository accepts no larger files.
ZIP_LIMIT = 25 * 2**20


def version() -> str:
    return re.search(r'(?m)^version = "(.+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"))[1]


def plugin(targets: "list[Target]", dist: Path) -> Path:
    """The ZIP for "Install from ZIP", with the libraries of all these platforms."""
    output = dist / "bandcluster_qgis.zip"
    libraries = [
        word
        for one in targets
        for word in ("--library", f"{one.platform}={one.folder / one.library}")
    ]
    run("python3", ROOT / "plugin" / "build_zip.py", *libraries, "--output", output)
    if output.stat().st_size > ZIP_LIMIT:
        raise Failed(
            f"{output} has {output.stat().st_size} bytes, more than the {ZIP_LIMIT} that are"
            " allowed"
        )
    return output


def python_plugin(wheels: "list[Path]", dist: Path) -> Path:
    """The ZIP for QGIS's plugin repository, without a library: it accepts only these wheels."""
    output = dist / "bandcluster_qgis-python.zip"
    run("python3", ROOT / "plugin" / "build_python_zip.py", "--output", output, *wheels)
    return output


def wheel(target: Target, dist: Path) -> Path:
    python = VENV / "bin" / "python"
    with tempfile.TemporaryDirectory() as folder:
        run(
            *(python, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT),
            BANDCLUSTER_BUILT=target.folder,
            BANDCLUSTER_PLATFORM=target.wheel,
        )
        [made] = Path(folder).glob("*.whl")
        run("check-wheel-contents", "--no-config", made)
        run("twine", "check", "--strict", made)
        if target.system == "linux":
            check_manylinux(target, made)
        return Path(shutil.copy2(made, dist))


def check_manylinux(target: Target, made: Path) -> None:
    """Checks with auditwheel that the wheel runs on the systems in its name."""
    said = " ".join(run("auditwheel", "show", made).split())
    if f'"{target.wheel}"' not in said:
        raise Failed(f"auditwheel does not call {made.name} {target.wheel}: {said}")


def sdist(dist: Path) -> Path:
    run(VENV / "bin" / "python", "-m", "build", "--sdist", "--no-isolation", "--outdir", dist, ROOT)
    made = dist / f"bandcluster-{version()}.tar.gz"
    run("twine", "check", "--strict", made)
    return made


def crate(dist: Path) -> Path:
    """The crate that `cargo publish` would send, unpacked and compiled as a check.

    Uncommitted changes are included.
    """
    target = ROOT / "target" / "dist"
    words = "--locked", "--allow-dirty"
    run("cargo", "publish", "--dry-run", *words, CARGO_TARGET_DIR=target)
    # Newer Cargos do not keep the file that they would send.
    run("cargo", "package", "--no-verify", *words, CARGO_TARGET_DIR=target)
    made = target / "package" / f"bandcluster-{version()}.crate"
    return Path(shutil.copy2(made, dist))

"""Builds all published files in dist/, tries them, and prints a table (see CONTRIBUTING.md).

python3 .ci/dist [--only PLATFORM,...]
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path
from typing import Callable, NamedTuple

import archives
import native
import packages
import trials
from shell import Failed, run
from targets import ROOT, TARGETS, Target

DIST = ROOT / "dist"


class Row(NamedTuple):
    """A line of the table: what was made and how it was tried, or why it was not made."""

    name: str
    words: str
    path: "Path | None" = None


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", help="these platforms, of " + ", ".join(one.platform for one in TARGETS)
    )
    chosen = parser.parse_args().only
    targets = [one for one in TARGETS if chosen is None or one.platform in chosen.split(",")]
    DIST.mkdir(exist_ok=True)
    rows: list[Row] = []
    built = [
        target for target in targets if add(rows, f"library for {target.platform}", build, target)
    ]
    here = next((one for one in built if one.platform == "linux-x86_64"), None)
    answers: dict[str, str] = {}
    if built:
        add(rows, "plugin", plugin, built)
    for target in built:
        add(rows, f"wheel for {target.platform}", wheel, target)
        add(rows, f"archive for {target.platform}", archive, target, here, answers)
        if target.debian:
            add(rows, f"Debian package for {target.debian}", debian, target, here)
    add(
        rows,
        "plugin without a library",
        python_plugin,
        [row.path for row in rows if row.path and row.name == "wheel"],
    )
    add(rows, "sdist", sdist)
    add(rows, "crate", crate)
    if len(set(answers.values())) > 1:
        rows.append(Row("labels", f"FAILED: they differ between {', '.join(answers)}"))
    print_table(rows)
    return 1 if any(row.words.startswith("FAILED") for row in rows) else 0


def add(rows: "list[Row]", name: str, make: "Callable[..., Row | None]", *arguments) -> bool:
    """Runs a step and adds its row; if it fails, the row says so, and False is returned."""
    print(f"=== {name}", flush=True)
    begun = time.monotonic()
    try:
        row = make(*arguments)
    except (Failed, OSError) as problem:
        print(problem, flush=True)
        row = Row(name, f"FAILED: {str(problem).splitlines()[0]}")
    print(f"    {time.monotonic() - begun:.0f} s", flush=True)
    if row:
        rows.append(row)
    return row is None or row.path is not None


def build(target: Target) -> None:
    native.build(target)
    native.check(target)


def plugin(built: "list[Target]") -> Row:
    names = ", ".join(target.platform for target in built)
    return Row(
        "plugin",
        f"with libraries for {names}; `make test-qgis` tries such a ZIP",
        packages.plugin(built, DIST),
    )


def python_plugin(wheels: "list[Path]") -> Row:
    if not wheels:
        raise Failed("it lists the wheels, and there is none")
    return Row(
        "plugin",
        "`make check-plugin`; knows these wheels alone",
        packages.python_plugin(wheels, DIST),
    )


def wheel(target: Target) -> Row:
    checkers = [
        "check-wheel-contents",
        "twine",
        *(["auditwheel"] if target.system == "linux" else []),
    ]
    return Row("wheel", ", ".join(checkers), packages.wheel(target, DIST))


def archive(target: Target, here: "Target | None", answers: "dict[str, str]") -> Row:
    made = archives.archive(target, DIST, packages.version(), runnable(here))
    try:
        words, answer = trials.try_archive(target, made)
    except Failed:
        made.unlink()  # the archive does not work
        raise
    if answer:
        answers[target.platform] = answer
    return Row("archive", words, made)


def debian(target: Target, here: "Target | None") -> Row:
    made = archives.debian_package(target, DIST, packages.version(), runnable(here))
    return Row("Debian package", "dpkg-deb; installed by `make test-platforms`", made)


def sdist() -> Row:
    return Row("sdist", "twine", packages.sdist(DIST))


def crate() -> Row:
    return Row("crate", "cargo publish --dry-run: compiled as unpacked", packages.crate(DIST))


def runnable(here: "Target | None") -> Path:
    """A command-line program that runs on this machine; it writes the manual."""
    if here is None:
        raise Failed("linux-x86_64 is wanted, too: its command line writes the manual")
    return here.folder / here.program


def print_table(rows: "list[Row]") -> None:
    print(f"\nmade with {versions()}\n")
    lines = [("file", "bytes", "sha256", "tried")]
    for row in rows:
        content = row.path.read_bytes() if row.path else None
        size, checksum = (
            (str(len(content)), hashlib.sha256(content).hexdigest()) if content else ("-", "-")
        )
        lines.append((row.path.name if row.path else row.name, size, checksum, row.words))
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for line in lines:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths)), line[3]]))
    sums = [f"{line[2]}  {line[0]}\n" for line in lines[1:] if line[2] != "-"]
    (DIST / "SHA256SUMS").write_text("".join(sorted(sums)), encoding="ascii")


def versions() -> str:
    tools = (
        ("rustc", "--version"),
        ("x86_64-w64-mingw32-gcc", "--version"),
        ("ld64.lld-19", "--version"),
    )
    return "; ".join(run(*tool).splitlines()[0] for tool in tools)


if __name__ == "__main__":
    sys.exit(main())

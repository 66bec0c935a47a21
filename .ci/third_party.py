#!/usr/bin/env python3
"""Write THIRD_PARTY.txt: the licences of the crates in the library or the command line, and of
what compilers add.

The texts are those in the crates, with their copyright lines. (cargo-about was tried: it searches
every source file of every crate for licences, and had not finished after half an hour.)
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "THIRD_PARTY.txt"
# What compilers add: name, licence, holders of the copyright or the file with the text.
COMPILERS = (
    ("Rust's standard library", "MIT OR Apache-2.0", "The Rust Project Contributors"),
    ("MinGW-w64's runtime (Windows)", "ZPL-2.1 and others", ROOT / ".ci/licences/mingw-w64.txt"),
)
NAMES = re.compile(r"LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|^OFL|^UFL|^Hack-Regular\.txt$", re.I)
USUAL = {"MIT": "LICENSE-MIT", "Apache-2.0": "LICENSE-APACHE"}
LINE = "=" * 100


def main():
    crates = compiled_in()
    OUTPUT.write_text(page(crates))
    print(f"{OUTPUT.name}: {len(crates)} crates")


def compiled_in() -> "list[dict]":
    """The dependencies of the library or the command line, on any platform.

    Dependencies of build scripts and tests alone are left out. Macros are included, because the
    code that they generate is compiled in.
    """
    tree = cargo("tree", "--edges", "normal", "--target", "all", "--prefix", "none")
    names = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    crates = [
        crate
        for crate in packages
        if (crate["name"], f"v{crate['version']}") in names and crate["source"]
    ]
    return sorted(crates, key=lambda crate: (crate["name"], crate["version"]))


def cargo(*words) -> str:
    command = ["cargo", *words, "--locked"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def title(crate) -> str:
    return f"{crate['name']} {crate['version']}"


def page(crates) -> str:
    width = max(len(title(crate)) for crate in crates)
    lines = [
        "What is compiled into bandcluster, and under which licences. Made by `make third-party`.",
        (
            "bandcluster itself is licensed under the MIT License or the Apache License 2.0, at"
            " your option."
        ),
        "",
        *(f"{title(crate):{width}}  {crate['license'] or 'see its text'}" for crate in crates),
        "",
        *(f"{name:{width}}  {license}" for name, license, _source in COMPILERS),
    ]
    added = {
        tidy(source.read_text()) if isinstance(source, Path) else text_of(USUAL["MIT"], source): [
            name
        ]
        for name, _license, source in COMPILERS
    }
    for text, names in {**texts(crates), **added}.items():
        lines += ["", LINE, *wrapped(names), LINE, "", text]
    return "\n".join(lines) + "\n"


def texts(crates) -> "dict[str, list[str]]":
    """Each text and the crates that have it; line breaks may differ."""
    shown, found = {}, {}
    for crate in crates:
        for text in texts_of(crate):
            text = shown.setdefault("".join(re.findall(r"\w", text.lower())), text)
            found.setdefault(text, {})[title(crate)] = None
    return {text: list(names) for text, names in found.items()}


def texts_of(crate) -> "list[str]":
    folder = Path(crate["manifest_path"]).parent
    files = [
        path
        for place in (folder, folder / "fonts")
        if place.is_dir()
        for path in sorted(place.iterdir())
    ]
    files = [path for path in files if path.is_file() and NAMES.search(path.name)]
    if " OR " in (crate["license"] or ""):
        # One licence of several is enough: the short one, if it is there.
        files = [
            path for path in files if "MIT" in path.name.upper() or path.parent != folder
        ] or files
    if crate["license_file"]:
        files.append(folder / crate["license_file"])
    # Some files are only the name of another file that is not in the crate.
    found = {path: tidy(path.read_text(errors="replace")) for path in files}
    found = {path: text for path, text in found.items() if len(text) > 200}
    its_own = any(path.parent == folder for path in found)
    return [*found.values()] if its_own else [usual_text(crate), *found.values()]


def usual_text(crate) -> str:
    """The text of the licence that a crate names, for crates without a text."""
    for name, file in USUAL.items():
        if name in (crate["license"] or ""):
            holders = ", ".join(crate["authors"]) or f"the authors of {crate['name']}"
            return text_of(file, holders)
    sys.exit(
        f"{title(crate)} has no licence text ({crate['license']}): add it to .ci/third_party.py"
    )


def text_of(file, holders) -> str:
    """A licence of this project with other holders of the copyright."""
    text = tidy((ROOT / file).read_text())
    return re.sub(r"^Copyright .*$", f"Copyright (c) {holders}", text, flags=re.M)


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\ufeff\f\n\r ").splitlines())


def wrapped(names) -> "list[str]":
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 96:
            lines.append("")
        lines[-1] += f"{name}, "
    return [line.rstrip(", ") + ("," if line is not lines[-1] else "") for line in lines]


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks that the sources are ready for a release.

    .ci/release.py check [--tag v1.2.3]      lists what is missing, and fails if anything is
    .ci/release.py addresses --repository URL --email ADDRESS --security ADDRESS
                                             replaces the project's addresses wherever they stand

Version and addresses are kept in Cargo.toml. Files that cannot read it repeat them, and these
copies are checked here.
"""

import argparse
import configparser
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
METADATA = "plugin/bandcluster_qgis/metadata.txt"
# The files with the addresses. A test finds files that have them and are not listed here.
WITH_ADDRESSES = (
    "Cargo.toml",
    "README.md",
    METADATA,
    "pyproject.toml",
    "CITATION.cff",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "packaging/control.in",
    ".github/ISSUE_TEMPLATE/config.yml",
)
PLACEHOLDER = "example" + ".org"
# Pages say this after a placeholder, so that no reader takes it for an address.
REMARK = re.compile(r"\s\(a\s+placeholder\s+until\s+the\s+first\s+release\)")
REQUIRED = (
    "name description about version qgisMinimumVersion author email homepage tracker repository"
    " changelog icon".split()
)
PYTHON_ZIP = "dist/bandcluster_qgis-python.zip"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check")
    check.add_argument("--tag", help="the tag of the release, such as v1.2.3")
    change = commands.add_parser("addresses")
    for name in addresses():
        change.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    if given.command == "addresses":
        replace_addresses({name: getattr(given, name) for name in addresses()})
        return
    problems = found(given.tag)
    print("\n".join(problems) or f"{version()} can be released")
    sys.exit(bool(problems))


def read(name) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def value(key) -> str:
    """The text of a key in Cargo.toml; Python before 3.11 cannot read TOML."""
    return re.search(rf'^{key} = "(.+)"$', read("Cargo.toml"), re.MULTILINE)[1]


def version() -> str:
    return value("version")


def addresses() -> "dict[str, str]":
    return {key: value(key) for key in ("repository", "email", "security")}


def replace_addresses(new):
    for name in WITH_ADDRESSES:
        text = read(name)
        for key, old in addresses().items() if name != "Cargo.toml" else ():
            text = text.replace(old, new[key])
        text = REMARK.sub("", text)
        (ROOT / name).write_text(text, encoding="utf-8")
    # The last one, because the old addresses are read from it.
    text = read("Cargo.toml")
    for key, old in addresses().items():
        text = text.replace(f'{key} = "{old}"', f'{key} = "{new[key]}"')
    (ROOT / "Cargo.toml").write_text(text, encoding="utf-8")


def found(tag=None) -> "list[str]":
    """All reasons against a release, one per line."""
    return [*placeholders(), *versions(tag), *of_changelog(), *of_metadata(), *of_zip()]


def placeholders():
    for name in WITH_ADDRESSES:
        lines = [
            str(number)
            for number, line in enumerate(read(name).splitlines(), start=1)
            if PLACEHOLDER in line
        ]
        if lines:
            yield (
                f"{name} has placeholders (lines {', '.join(lines)}): see `.ci/release.py addresses"
                " --help`"
            )


def versions(tag):
    others = {"CITATION.cff": re.search("^version: (.+)$", read("CITATION.cff"), re.M)[1]}
    if tag:
        others["the tag"] = tag[1:] if tag.startswith("v") else tag
    for name, told in others.items():
        if told != version():
            yield f"{name} says version {told}, Cargo.toml {version()}: they must agree"


def of_changelog():
    if not re.search(
        rf"^## \[{re.escape(version())}\] - \d{{4}}-\d\d-\d\d$", read("CHANGELOG.md"), re.M
    ):
        yield (
            f"CHANGELOG.md has no section `## [{version()}] - YYYY-MM-DD`: give [Unreleased] this"
            " title"
        )


def of_metadata():
    general = metadata()
    for key in REQUIRED:
        if not general.get(key):
            yield f"{METADATA} has no {key}: QGIS's plugin repository needs it"


def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(read(METADATA))
    return parser["general"]


def of_zip():
    """Checks that the ZIP lists the wheels beside it."""
    if not (ROOT / PYTHON_ZIP).is_file():
        return
    with zipfile.ZipFile(ROOT / PYTHON_ZIP) as archive:
        listed = json.loads(archive.read("bandcluster_qgis/wheels.json"))["wheels"]
    wheels = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (ROOT / "dist").glob("*.whl")
    }
    for name in listed:
        if "-linux_" in name:
            yield (
                f"{PYTHON_ZIP} lists {name}, which is for one computer: build the wheels for"
                " manylinux"
            )
    if listed != wheels:
        yield (
            f"{PYTHON_ZIP} does not list the wheels in dist ({', '.join(sorted(wheels))}): make"
            " plugin-repository"
        )


def tracked_with(text) -> "list[str]":
    """The files of the repository that contain a text, except tests."""
    command = ["git", "grep", "-lI", "-e", text, "--", ":!tests", ":!plugin/tests"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split()


if __name__ == "__main__":
    main()

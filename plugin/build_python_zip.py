#!/usr/bin/env python3
"""Build the plugin's ZIP for QGIS's plugin repository: plugin and binding, nothing compiled.

It lists the wheels of the release and their SHA-256. The plugin fetches the wheel for its computer
and accepts no other, so the wheels must be those that are published.
"""

import argparse
import hashlib
import json
from pathlib import Path

import build_zip

LIST = f"{build_zip.PLUGIN}/wheels.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the ZIP to write")
    parser.add_argument(
        "wheels", type=Path, nargs="+", metavar="WHEEL", help="a wheel of each platform"
    )
    arguments = parser.parse_args()
    for wheel in arguments.wheels:
        if not (wheel.is_file() and wheel.suffix == ".whl"):
            parser.error(f"{wheel} is not a wheel; build it first: make wheel")
        if wheel.name.split("-")[1] != build_zip.version():
            parser.error(
                f"{wheel} is not of version {build_zip.version()}, which Cargo.toml tells; build it"
                " anew"
            )
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    build_zip.write_zip(
        arguments.output, {**build_zip.python_members(), LIST: listing(arguments.wheels)}
    )


def listing(wheels) -> bytes:
    """The list that the plugin reads (bandcluster_qgis/wheels.py)."""
    digests = {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}
    listed = {"version": build_zip.version(), "wheels": dict(sorted(digests.items()))}
    return (json.dumps(listed, indent=2) + "\n").encode()


if __name__ == "__main__":
    main()

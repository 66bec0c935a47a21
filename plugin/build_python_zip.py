#!/usr/bin/env python3
"""Build the plugin's ZIP for QGIS's plugin repository, which takes nothing compiled: plugin and binding alone.

It lists the wheels of the release and their SHA-256. The plugin fetches the one for its computer, and takes no other:
the wheels have to be those that are published.
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
    parser.add_argument("wheels", type=Path, nargs="+", metavar="WHEEL", help="a wheel of each platform")
    arguments = parser.parse_args()
    for wheel in arguments.wheels:
        if not (wheel.is_file() and wheel.suffix == ".whl"):
            parser.error(f"{wheel} is not a wheel; build it first: make wheel")
    versions = sorted({wheel.name.split("-")[1] for wheel in arguments.wheels})
    if len(versions) > 1:
        parser.error(f"these are wheels of several versions ({', '.join(versions)}); give those of one")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    listed = json.dumps(listing(versions[0], arguments.wheels), indent=2) + "\n"
    build_zip.write_zip(arguments.output, {**build_zip.python_members(), LIST: listed.encode()})


def listing(version, wheels) -> dict:
    """What the plugin reads (bandcluster_qgis/wheels.py)."""
    digests = {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}
    return {"version": version, "wheels": dict(sorted(digests.items()))}


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A picture of the real QGIS desktop after bandcluster:cluster was run from its dialog.

    /usr/bin/python3 plugin/tests/desktop/screenshot.py
        docs/images/qgis-desktop.png [--dialog DIALOG.png]

Needs QGIS, Xvfb and target/release/libbandcluster.so. Everything happens in a temporary profile.
With `--language zh-Hans` QGIS and the plugin speak Chinese.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from session import PLUGIN, play

SCENE = PLUGIN.parent / "tests" / "data" / "s2_train.tif"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--dialog", type=Path, help="a second PNG, of the dialog before the run")
    parser.add_argument(
        "--language", help="that of QGIS, as its options call it; Chinese wants a font that has it"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(
        dir="/var/tmp"
    ) as folder:  # not /tmp, because QGIS marks layers there as temporary
        take(Path(folder), arguments)
    if not arguments.picture.is_file():
        raise SystemExit("QGIS ended without a picture; its messages are above")


def take(folder, arguments):
    play(
        "scenario.py",
        folder,
        arguments.language,
        scene=shutil.copy(SCENE, folder),
        output=folder / "classes.tif",
        picture=arguments.picture.resolve(),
        dialog=arguments.dialog.resolve() if arguments.dialog else "",
    )


if __name__ == "__main__":
    main()

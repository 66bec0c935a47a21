#!/usr/bin/env python3
"""Pictures of the explorer in the real desktop, into a folder: opened, slid, merged, compared, written, rotated.

    /usr/bin/python3 plugin/tests/desktop/explorer.py FOLDER [--theme dark] [--language zh-Hans] [--scale 2]

Needs QGIS, Xvfb and target/release/libbandcluster.so. Look at them.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from session import PLUGIN, play

SCENES = ("s2_train.tif", "s2_predict.tif")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, help="the folder for the pictures")
    parser.add_argument("--theme", default="", help="dark: QGIS's theme Night Mapping")
    parser.add_argument("--language", help="that of QGIS, as its options call it")
    parser.add_argument("--scale", default="1", help="of the screen")
    parser.add_argument("--width", default="340", help="of the panel")
    parser.add_argument("--steps", default="all", help="one: the first picture only")
    given = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = given.scale
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:  # layers in /tmp are marked as temporary
        folder = Path(home) / "explorer"
        folder.mkdir()
        for name in SCENES:
            shutil.copy(PLUGIN.parent / "tests" / "data" / name, folder)
        told = {"theme": given.theme, "width": given.width, "steps": given.steps}
        try:
            play("explorer_story.py", Path(home), given.language, folder=folder, **told)
        finally:
            for picture in sorted(folder.glob("explorer-*.png")):
                shutil.copy(picture, given.output)
                print(given.output / picture.name)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Takes pictures of the explorer in the real desktop, in all its states.

    /usr/bin/python3 plugin/tests/desktop/explorer.py FOLDER
        [--theme dark] [--language zh-Hans] [--scale 2]
    /usr/bin/python3 plugin/tests/desktop/explorer.py FOLDER --pages docs/images

Needs QGIS, Xvfb and target/release/libbandcluster.so. Look at the pictures.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from session import PLUGIN, play

SCENES = ("s2_train.tif", "s2_predict.tif")
# The steps that the pages show, and the names of their pictures.
PAGES = {
    "open": "explorer",
    "pick": "explorer-pick",
    "seeds": "explorer-seeds",
    "compare-scene": "explorer-compare",
}
# The steps of README's animation, and the seconds that each is shown.
STORY = {"open": 2, "slide-8": 2, "slide-20": 2, "pick": 3, "merge": 3, "compare-scene": 3}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path, help="the folder for the pictures")
    parser.add_argument("--theme", default="", help="dark: QGIS's theme Night Mapping")
    parser.add_argument("--language", help="that of QGIS, as its options call it")
    parser.add_argument("--scale", default="1", help="of the screen")
    parser.add_argument("--width", default="340", help="of the panel")
    parser.add_argument(
        "--steps", default="all", help="one: the first picture only; seeds: those of seeds, too"
    )
    parser.add_argument("--pages", type=Path, help="the folder for the pictures of the pages")
    given = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = given.scale
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir="/var/tmp"
    ) as home:  # not /tmp, because QGIS marks layers there as temporary
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
        if given.pages is not None:
            take_pages(folder, given.pages)


def take_pages(folder, pages):
    from pictures import reduce  # here, because it needs the library

    for step, name in PAGES.items():
        reduce(folder / f"explorer-{step}.png", pages / f"{name}.png")
        print(pages / f"{name}.png")
    animate(
        {folder / f"explorer-{step}.png": seconds for step, seconds in STORY.items()},
        pages / "explorer.gif",
    )
    print(pages / "explorer.gif")


def animate(frames, output):
    """Writes an endless animation of pictures, each shown for the given seconds."""
    from PIL import Image

    # An octree keeps rare colours, such as the swatches of bands; other ways give up these first.
    how = {"method": Image.Quantize.FASTOCTREE, "dither": Image.Dither.NONE}
    pictures = [Image.open(path).convert("RGB").quantize(**how) for path in frames]
    times = [1000 * seconds for seconds in frames.values()]
    first, *others = pictures
    first.save(output, save_all=True, append_images=others, duration=times, loop=0, optimize=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Takes the pictures of docs/tutorial.md: `make tutorial-pictures`.

They are taken while story.py runs in the real desktop.

Needs QGIS, Xvfb, chromium (for the report) and target/release/libbandcluster.so. Look at the
pictures before you commit them.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from osgeo import gdal, gdal_array
from session import PLUGIN, play

ROOT = PLUGIN.parent
sys.path += [str(PLUGIN), str(ROOT / "tests")]
import bandcluster  # noqa: E402
import look  # noqa: E402

SCENES = ("s2_train.tif", "s2_predict.tif")
# Hides all of the report except the scene, its classes and the chart of their signatures.
EXCERPT = (
    "<style>.facts, section:nth-of-type(n + 4), h3, h3 ~ * { display: none !important"
    " }</style></body>"
)
REPORT_SIZE = "--window-size=760,600"
MOST_COLORS = 255


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path, help="the folder for the pictures")
    output = parser.parse_args().output
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory(
        dir="/var/tmp"
    ) as home:  # not /tmp, because QGIS marks layers there as temporary
        folder = Path(home) / "tutorial"
        folder.mkdir()
        for name in SCENES:
            shutil.copy(ROOT / "tests" / "data" / name, folder)
        play("story.py", Path(home), folder=folder)
        take_report(folder)
        for picture in sorted(folder.glob("tutorial-*.png")):
            reduce(picture, output / picture.name)
            print(output / picture.name)


def take_report(folder):
    excerpt = folder / "excerpt.html"
    excerpt.write_text((folder / "report.html").read_text().replace("</body>", EXCERPT))
    look.take(look.find_browser(), excerpt, folder / "tutorial-report.png", REPORT_SIZE, ())


def reduce(picture, smaller):
    """Writes a picture with a palette, found by k-means, which has a third of the size."""
    pixels = gdal.Open(str(picture)).ReadAsArray()[:3]
    n_colors = len(np.unique(pixels.reshape(3, -1), axis=1).T)
    model = bandcluster.fit(pixels, min(n_colors, MOST_COLORS))
    palette = gdal.ColorTable()
    for value, color in enumerate(model.centers.round().astype(int).tolist(), start=1):
        palette.SetColorEntry(value, tuple(color))
    labels = gdal_array.OpenArray(model.predict(pixels))
    labels.GetRasterBand(1).SetColorTable(palette)
    gdal.GetDriverByName("PNG").CreateCopy(str(smaller), labels, options=["ZLEVEL=9"])


if __name__ == "__main__":
    main()

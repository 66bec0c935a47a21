#!/usr/bin/env python3
"""The pictures of docs/tutorial.md, taken anew: `make story`.

Plays story.py in the real desktop, on a screen in memory, and takes the report that it leaves with headless Chromium.
Look at every picture afterwards.
"""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests"))

import look  # noqa: E402
import session  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SCENES = ("s2_train.tif", "s2_predict.tif")
WINDOW = "--window-size=900,1100"  # the first page of the report, as a window shows it


def main():
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "tutorial"
        folder.mkdir()
        for name in SCENES:
            shutil.copy(ROOT / "tests" / "data" / name, folder)
        session.play("story.py", Path(home), folder=folder)
        look.chromium(look.browser(), WINDOW, f"--screenshot={folder / 'tutorial-report.png'}", folder / "report.html")
        for picture in sorted(folder.glob("tutorial-*")):
            shutil.copy(picture, IMAGES)
            print(IMAGES / picture.name)


if __name__ == "__main__":
    main()

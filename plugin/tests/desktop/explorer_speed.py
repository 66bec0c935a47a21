#!/usr/bin/env python3
"""Measures the time from slider to painted canvas in the real desktop: 200 moves.

    /usr/bin/python3 plugin/tests/desktop/explorer_speed.py SCENE...

Scenes can have any size; benches/peers/scenes.py makes tiles. Needs QGIS, Xvfb and
target/release/libbandcluster.so.
"""

import json
import sys
import tempfile
from pathlib import Path

from session import play


def main():
    for scene in sys.argv[1:]:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as home:
            output = Path(home) / "told.json"
            play("explorer_moves.py", Path(home), scene=Path(scene).resolve(), output=output)
            print(scene)
            for what, found in json.loads(output.read_text()).items():
                print(
                    f"  {what}: {found:.2f}" if isinstance(found, float) else f"  {what}: {found}"
                )


if __name__ == "__main__":
    main()

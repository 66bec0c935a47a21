#!/usr/bin/env python3
"""A picture of the real QGIS desktop after bandcluster:cluster was run from its dialog.

    /usr/bin/python3 plugin/tests/desktop/screenshot.py docs/images/qgis-desktop.png [--dialog DIALOG.png]

Needs QGIS, Xvfb and target/release/libbandcluster.so. Everything happens in a temporary profile. With
`--language zh-Hans` QGIS and the plugin speak Chinese.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parent.parent
SCENE = PLUGIN.parent / "tests" / "data" / "s2_train.tif"
SCREEN = "1400x950x24"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--dialog", type=Path, help="a second PNG, of the dialog before the run")
    parser.add_argument("--language", help="that of QGIS, as its options call it; Chinese wants a font that has it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:  # layers in /tmp are marked as temporary
        run(Path(folder), arguments)


def run(folder, arguments):
    settings = folder / "profiles" / "t" / "QGIS"
    settings.mkdir(parents=True)
    language = f"[locale]\noverrideFlag=true\nuserLocale={arguments.language}\n" if arguments.language else ""
    (settings / "QGIS3.ini").write_text(f"[PythonPlugins]\nbandcluster_qgis=true\n{language}")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "QGIS_PLUGINPATH": str(PLUGIN),
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONDONTWRITEBYTECODE": "1",
        "BANDCLUSTER_SCENE": shutil.copy(SCENE, folder),
        "BANDCLUSTER_OUTPUT": str(folder / "classes.tif"),
        "BANDCLUSTER_PICTURE": str(arguments.picture.resolve()),
        "BANDCLUSTER_DIALOG": str(arguments.dialog.resolve()) if arguments.dialog else "",
    }
    command = ["qgis", "--profiles-path", folder, "--profile", "t", "--nologo", "--noversioncheck"]
    with display() as environment["DISPLAY"]:
        subprocess.run([*command, "--code", HERE / "scenario.py"], env=environment, check=True, timeout=120)
    if not arguments.picture.is_file():
        raise SystemExit("QGIS ended without a picture; its messages are above")


class display:
    """A screen in memory."""

    def __enter__(self):
        told, tell = os.pipe()
        command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", SCREEN, "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL)
        os.close(tell)
        with open(told) as number:
            return f":{number.readline().strip()}"

    def __exit__(self, *_failure):
        self._server.terminate()
        self._server.wait()


if __name__ == "__main__":
    main()

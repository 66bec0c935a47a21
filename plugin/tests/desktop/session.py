"""Plays a scenario in the QGIS desktop, on a virtual screen and in a profile of its own."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parent.parent
SCREEN = "1400x950x24"
# The plugin's greeting in a new profile would cover the map.
SETTINGS = "[PythonPlugins]\nbandcluster_qgis=true\n[bandcluster]\ngreeted=true\n"


class Failed(Exception):
    """A step has failed; the message has the output of QGIS."""


def play(scenario, home, language=None, timeout=1800, **told):
    """Runs a script of this folder inside QGIS.

    `told` is passed as environment variables BANDCLUSTER_NAME.
    """
    command = ["qgis", "--profiles-path", home, "--profile", "t", "--nologo", "--noversioncheck"]
    settings = home / "profiles" / "t" / "QGIS"
    settings.mkdir(parents=True)
    if language and language.startswith("zh"):
        check_chinese_font()
    locale = f"[locale]\noverrideFlag=true\nuserLocale={language}\n" if language else ""
    (settings / "QGIS3.ini").write_text(SETTINGS + locale)
    environment = {
        **os.environ,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",  # unless a language is given, the pictures are in English
        "QGIS_PLUGINPATH": str(PLUGIN),
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(HERE),
        **{f"BANDCLUSTER_{name.upper()}": str(value) for name, value in told.items()},
    }
    with display() as environment["DISPLAY"]:
        done = subprocess.run(
            [*command, "--code", HERE / scenario],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=timeout,
        )
    if done.returncode:
        raise Failed(f"{scenario} ended QGIS with {done.returncode}:\n{done.stderr}")


@contextmanager
def display():
    """A virtual screen, because the desktop does not start on Qt's offscreen platform."""
    told, tell = os.pipe()
    command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL) as server:
        os.close(tell)
        try:
            with open(told) as number:
                yield f":{number.readline().strip()}"
        finally:
            server.terminate()


def check_chinese_font():
    """Checks for a Chinese font: without one, pictures show boxes instead of characters."""
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=True)
    if not fonts.stdout.strip():
        raise SystemExit("a Chinese font is needed: apt-get install fonts-droid-fallback")

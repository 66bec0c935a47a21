"""docs/tutorial.md: every step does what it says, and every face makes the same maps.

What it tells of QGIS is played by plugin/tests/desktop/story.py.
"""

import re
import shutil

import numpy as np
import pytest
from helpers import DATA, ROOT, read_bands
from snippets import Document

TUTORIAL = Document("docs/tutorial.md")
STORY = (ROOT / "plugin" / "tests" / "desktop" / "story.py").read_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    for name in ("s2_train.tif", "s2_predict.tif"):
        shutil.copy(DATA / name, folder)
    return folder


@pytest.mark.parametrize("language, code", TUTORIAL.blocks)
def test_step(language, code, folder, environment, prefix):
    TUTORIAL.run(language, code, folder, environment, prefix)


def test_every_face_makes_the_same_maps(folder, environment, prefix):
    for language, code in (block.values for block in TUTORIAL.blocks):
        TUTORIAL.run(language, code, folder, environment, prefix)
    for name in ("land", "neighbour"):
        labels = read_bands(folder / f"{name}.tif")[0]
        assert set(np.unique(labels)) == {1, 2, 3}
        assert np.array_equal(labels, np.load(folder / f"{name}.npy"))
        assert labels.tobytes() == (folder / f"{name}.raw").read_bytes()


def test_the_story_is_that_of_the_command_line():
    """The same numbers, colours and names in the desktop."""
    [colors] = re.findall(r"--colors (\S+) --model model.json", TUTORIAL.text)
    groups = re.findall(r"--into '?([^'\n]+=[\d,]+)", TUTORIAL.text)
    [land_colors] = re.findall(r"--labels-output land.tif --colors (\S+)", TUTORIAL.text)
    assert f'COLORS = "{colors}"' in STORY
    assert f'GROUPS = "{"; ".join(groups)}"' in STORY
    assert f"LAND_COLORS = {tuple(land_colors.split(','))}".replace("'", '"') in STORY


def test_pictures_are_those_of_the_story():
    shown = set(re.findall(r"\(images/tutorial-([^)]+)\)", TUTORIAL.text))
    taken = set(re.findall(r'picture\(.*, "([^"]+)"\)', STORY))
    assert shown == taken | {"report.png"}


@pytest.mark.parametrize("link", TUTORIAL.links)
def test_link_leads_somewhere(link):
    assert TUTORIAL.leads_somewhere(link)

"""All of docs/tutorial.md in the real desktop; the story checks what each step shows."""

import json
import re
import shutil
import tempfile
from pathlib import Path

import bandcluster
import numpy as np
import pytest
from desktop import session
from scenes import DATA, PLUGIN, read

PAGE = (PLUGIN.parent / "docs" / "tutorial.md").read_text()
PICTURES = ("scene", "choose-k", "cluster", "classes", "merge", "neighbour")


@pytest.fixture(scope="module")
def told():
    """Plays the story; returns its folder."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:  # in /tmp, layers get other names
        folder = Path(home) / "tutorial"
        folder.mkdir()
        for name in ("s2_train.tif", "s2_predict.tif"):
            shutil.copy(DATA / name, folder)
        session.play("story.py", Path(home), folder=folder)
        yield folder


def test_the_maps_are_those_of_the_binding(told, labels_of):
    scene, neighbour = read("s2_train.tif"), read("s2_predict.tif")
    model = bandcluster.fit(scene, n_clusters=4)
    land = np.array([0, 2, 3, 1, 1])  # by old class: forest, water and marsh, fields and sand twice
    assert np.array_equal(labels_of(told / "classes.tif"), model.predict(scene))
    assert np.array_equal(labels_of(told / "land.tif"), land[model.predict(scene)])
    assert np.array_equal(labels_of(told / "neighbour.tif"), land[model.predict(neighbour)])


def test_names_and_colours_end_up_in_the_model(told):
    assert bandcluster.Model.load(told / "land.json").legend == [
        (1, "fields and sand", "#f0e68c"),
        (2, "forest", "#006400"),
        (3, "water and marsh", "#4682b4"),
    ]


def test_the_report_tells_of_the_classes(told):
    report = (told / "report.html").read_text()
    assert "212 094" in report and "Jeffries-Matusita" in report


def test_each_step_has_a_picture(told):
    assert {path.name for path in told.glob("*.png")} == {
        f"tutorial-{name}.png" for name in PICTURES
    }
    assert set(re.findall(r"images/tutorial-(.*)\.png", PAGE)) == {*PICTURES, "report"}


def test_the_page_tells_what_the_dialogs_were_given(told):
    tables = re.findall(r"^\| \*(.+)\* \| \|\n\|---\|---\|\n((?:\|.+\n)+)", PAGE, flags=re.M)
    page = {
        title: dict(re.findall(r"^\| (.+) \| `(.+)` \|$", rows, flags=re.M))
        for title, rows in tables
    }
    assert page == json.loads((told / "dialogs.json").read_text())


def test_a_failing_step_ends_the_desktop(tmp_path):
    """The first step fails, because the scene is missing."""
    with pytest.raises(session.Failed, match="s2_train.tif"):
        session.play("story.py", tmp_path, folder=tmp_path)

"""The attributes of a model, its files, and invalid values."""

import json
import mmap
import pickle
import sys
from pathlib import Path

import bandcluster
import numpy as np
import pytest
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("s2_train.tif")


@pytest.fixture
def model(scene):
    return bandcluster.fit(scene, n_clusters=4, seed=7)


def test_what_it_tells(scene, model):
    labels = model.predict(scene)
    assert (model.n_clusters, model.n_bands) == (4, 4)
    assert model.centers.shape == (4, 4)
    assert model.converged and model.n_iter >= 1
    assert list(model.counts) == sorted(np.bincount(labels.ravel())[1:], reverse=True)
    assert model.counts.sum() == labels.size
    distances = (scene - model.centers[labels.ravel() - 1].T.reshape(scene.shape)) ** 2
    assert model.inertia == pytest.approx(distances.sum(), rel=1e-9)
    assert repr(model) == "<bandcluster.Model: 4 classes, 4 bands>"


def test_file_text_and_pickle_are_the_same_model(scene, model, tmp_path):
    model.class_names = ["sea", "wald", "Sümpfe", "fields"]
    model.save(tmp_path / "mödel.json")
    copies = [
        bandcluster.Model.load(tmp_path / "mödel.json"),
        bandcluster.Model.from_json(model.to_json()),
        pickle.loads(pickle.dumps(model)),
    ]
    assert (tmp_path / "mödel.json").read_text(encoding="utf-8") == model.to_json()
    for copy in copies:
        assert copy.to_json() == model.to_json()
        assert copy.class_names == ["sea", "wald", "Sümpfe", "fields"]
        assert copy.converged
        assert np.array_equal(copy.predict(scene), model.predict(scene))


def test_names_and_colours(model):
    assert len(set(model.class_names)) == 4
    model.class_colors = ["#000000", "#ff0000", (0, 128, 0), (255, 255, 0)]
    assert model.class_colors == ["#000000", "#ff0000", "#008000", "#ffff00"]
    for colors in (["#000"] * 4, ["#000000"] * 3, [(0, 0, 256)] * 4, [(0, 0)] * 4):
        with pytest.raises(ValueError):
            model.class_colors = colors
    assert model.class_colors[0] == "#000000"
    with pytest.raises(ValueError, match="class_names needs 4 entries"):
        model.class_names = ["one"]
    # Control characters become spaces, however names are set.
    bad = "a\0b\x1b[31m\x9b\ufffe\ud800\u202ec"
    model.class_names = [bad] * 4
    assert model.class_names == ["a b [31m    c"] * 4
    model.set_band(1, bad)
    foreign = model.to_json().replace("a b [31m    c", json.dumps(bad.replace("\ud800", " "))[1:-1])
    assert "\\u0000" in foreign
    again = bandcluster.Model.from_json(foreign)
    assert again.class_names == model.class_names
    assert again.to_json() == model.to_json()
    merged, _ = model.merge({bad: [1, 2]})
    assert "a b [31m    c" in merged.class_names


def test_bands_and_natural_colours(model):
    for number, name in enumerate(["B02", "B03", "B04", "B08"], start=1):
        model.set_band(number, name, 0 if number == 1 else None)
    assert model.band_names == ["B02", "B03", "B04", "B08"]
    assert [band["nodata"] for band in json.loads(model.to_json())["bands"]] == [
        0,
        None,
        None,
        None,
    ]
    model.natural_colors(3, 2, 1)
    natural = model.class_colors
    model.natural_colors(4, 3, 2)
    assert model.class_colors != natural
    for bands in ((0, 1, 2), (1, 2, 5)):
        with pytest.raises(ValueError):
            model.natural_colors(*bands)
    with pytest.raises(ValueError):
        model.set_band(5, "B12")


def test_the_json_is_readable(model):
    content = json.loads(model.to_json())
    assert content["format"] == "bandcluster-model"
    assert content["version"] == 1
    assert content["seed"] == 7
    assert np.array_equal(content["centers"], model.centers)
    assert [entry["value"] for entry in content["classes"]] == [1, 2, 3, 4]


def test_more_than_255_classes_need_uint16():
    pixels = np.arange(300, dtype=np.uint16)[np.newaxis, np.newaxis]
    model = bandcluster.fit(pixels, n_clusters=300)
    assert model.predict(pixels).dtype == np.uint16
    assert len(np.unique(model.predict(pixels))) == 300
    with pytest.raises(ValueError):
        model.predict(pixels, out=np.zeros((1, 300), np.uint8))
    assert bandcluster.fit(pixels, n_clusters=255).predict(pixels).dtype == np.uint8


def test_a_model_is_not_made_by_hand():
    with pytest.raises(TypeError, match="comes from"):
        bandcluster.Model()


@pytest.mark.skipif(
    sys.platform != "linux", reason="what a process holds is read from Linux's /proc"
)
def test_objects_are_freed(scene):
    """A leak would show as growth: a summary of this scene takes four megabytes."""

    def once():
        bandcluster.Summary(4, np.uint16).add(scene, threads=1)

    def pages():
        return int(Path("/proc/self/statm").read_text().split()[1])

    for _ in range(3):
        once()
    before = pages()
    for _ in range(20):
        once()
    assert (pages() - before) * mmap.PAGESIZE < 40e6

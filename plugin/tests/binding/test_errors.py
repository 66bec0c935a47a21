"""Every kind of error has its own exception and a message of one line."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import read

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def message_of(error):
    text = str(error.value)
    assert text and "\n" not in text
    return text


@pytest.mark.parametrize(
    "options",
    [
        {"n_clusters": 0},
        {"n_clusters": -1},
        {"n_clusters": 65536},
        {"n_clusters": 2.5},
        {"n_init": 0},
        {"max_iter": 0},
        {"tol": -1},
        {"tol": float("nan")},
        {"seed": -1},
        {"seed": 2**64},
        {"scaling": "robust"},
        {"threads": -1},
        {"memory": 0},
        {"memory": float("inf")},
    ],
    ids=str,
)
def test_options_out_of_range(options):
    with pytest.raises(bandcluster.InvalidArgument) as error:
        bandcluster.fit(PIXELS, **options)
    assert isinstance(error.value, ValueError)
    assert next(iter(options)) in message_of(error)


@pytest.mark.parametrize(
    "pixels",
    [np.zeros(4, np.uint8), np.zeros((1, 1, 1, 1), np.uint8), [], [PIXELS[0], PIXELS[0][1:]], 3],
    ids=repr,
)
def test_shapes_that_are_no_image(pixels):
    with pytest.raises(bandcluster.InvalidArgument, match="pixels must be an array"):
        bandcluster.fit(pixels)


@pytest.mark.parametrize("shape", [(0, 4, 4), (2, 0, 4), (2, 4, 0)])
def test_empty_arrays(shape):
    with pytest.raises(ValueError) as error:
        bandcluster.fit(np.zeros(shape, np.uint8))
    assert message_of(error)


@pytest.mark.parametrize(
    ("pixels", "options"),
    [
        (PIXELS, {"n_clusters": 13}),
        (np.zeros((2, 3, 4), np.uint8), {"nodata": 0}),
        (np.full((2, 3, 4), np.nan), {}),
        (PIXELS, {"mask": np.zeros((3, 4), bool)}),
        (
            np.stack([PIXELS[0], np.full((3, 4), 9, np.uint8)]),
            {"scaling": "zscore", "n_clusters": 2},
        ),
    ],
    ids=["k above distinct", "all nodata", "all NaN", "all masked", "constant band with z-score"],
)
def test_data_that_cannot_be_clustered(pixels, options):
    with pytest.raises(bandcluster.InvalidData) as error:
        bandcluster.fit(pixels, **options)
    assert isinstance(error.value, ValueError)
    assert message_of(error)


def test_one_class_is_allowed():
    model = bandcluster.fit(PIXELS, n_clusters=1)
    assert np.allclose(model.centers, PIXELS.reshape(2, -1).mean(axis=1))
    assert (model.predict(PIXELS) == 1).all()


def test_another_number_of_bands():
    model = bandcluster.fit(PIXELS, n_clusters=2)
    with pytest.raises(ValueError) as error:
        model.predict(np.zeros((3, 4, 4), np.uint8))
    assert "2" in message_of(error) and "3" in message_of(error)


def newer(text):
    return text.replace('"version": 1', '"version": 3')


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: "garbage",
        lambda text: text[: len(text) // 2],
        lambda text: "{}",
        newer,
    ],
    ids=["empty", "garbage", "truncated", "no model", "newer version"],
)
def test_models_that_are_none(damage, tmp_path):
    text = bandcluster.fit(PIXELS, n_clusters=2).to_json()
    damaged = damage(text)
    assert damaged != text
    with pytest.raises(bandcluster.InvalidModel) as error:
        bandcluster.Model.from_json(damaged)
    assert message_of(error)
    (tmp_path / "model.json").write_text(damaged)
    with pytest.raises(bandcluster.InvalidModel) as error:
        bandcluster.Model.load(tmp_path / "model.json")
    assert "model.json" in message_of(error)


def test_a_model_whose_parts_contradict_each_other():
    content = json.loads(bandcluster.fit(PIXELS, n_clusters=2).to_json())
    content["centers"][1] = content["centers"][1][:1]
    with pytest.raises(bandcluster.InvalidModel):
        bandcluster.Model.from_json(json.dumps(content))


@pytest.mark.parametrize(
    "field", [{"radius": -1.0}, {"distances": [3.0, 2.0, 1.0]}, {"correlation": [[1.0]]}], ids=str
)
def test_a_model_whose_classes_cannot_be(field):
    content = json.loads(bandcluster.fit(PIXELS, n_clusters=2).to_json())
    content["classes"][1].update(field)
    with pytest.raises(bandcluster.InvalidModel, match="classes"):
        bandcluster.Model.from_json(json.dumps(content))


def test_files_that_are_not_there(tmp_path):
    model = bandcluster.fit(PIXELS, n_clusters=2)
    for act in (
        lambda: bandcluster.Model.load(tmp_path / "none.json"),
        lambda: bandcluster.Summary.load(tmp_path / "none.summary"),
        lambda: model.save(tmp_path / "none" / "model.json"),
    ):
        with pytest.raises(bandcluster.IOFailure) as error:
            act()
        assert isinstance(error.value, OSError)
        assert "none" in message_of(error)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_summary(tmp_path):
    summary = bandcluster.Summary(2, np.uint8)
    summary.add(PIXELS)
    summary.save(tmp_path / "s")
    whole = (tmp_path / "s").read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"x" * len(whole)):
        (tmp_path / "s").write_bytes(damaged)
        with pytest.raises(bandcluster.InvalidModel):
            bandcluster.Summary.load(tmp_path / "s")


def test_the_seed_decides():
    scene = read("s2_13band.tif")[:, :200, :200]
    fits = {
        bandcluster.fit(scene, n_clusters=20, n_init=1, max_iter=3, seed=seed).to_json()
        for seed in (1, 1, 2)
    }
    assert len(fits) == 2

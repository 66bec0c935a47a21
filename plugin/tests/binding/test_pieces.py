"""Scenes in pieces, and the seeds in them: the bytes of a job on the files."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import DATA, read, write_seeds

pytest.importorskip("osgeo", reason="PyPI has no osgeo for Windows")

SCENE = DATA / "s2_train.tif"


@pytest.fixture
def layer(tmp_path):
    return write_seeds(tmp_path / "seeds.gpkg")


def test_seeds_are_the_means_of_their_pixels(layer):
    scenes = bandcluster.Scenes({"inputs": [SCENE]})
    pixels = read(SCENE).astype(float)
    wood = pixels[:, 50:70, 100:130].reshape(4, -1).mean(axis=1)
    assert scenes.seeds(layer, "cover") == {
        "wood": wood.tolist(),
        "lagoon": pixels[:, 600, 500].tolist(),
    }
    assert list(scenes.seeds(layer)) == ["seed 1", "seed 2"]
    bands = bandcluster.Scenes({"inputs": [SCENE], "bands": [4, 1]})
    assert bands.seeds(layer, "cover")["lagoon"] == pixels[[3, 0], 600, 500].tolist()


def test_the_model_is_that_of_the_job(layer, tmp_path):
    path = tmp_path / "model.json"
    job = {"command": "fit", "inputs": [SCENE], "model": path, "n_clusters": 4}
    bandcluster.run_job({**job, "seeds": layer, "seed_field": "cover"})
    scenes = bandcluster.Scenes({"inputs": [SCENE]}, piece_pixels=100_000)
    assert scenes.n_pieces > 1
    summary = scenes.summary(0)
    for piece in range(1, scenes.n_pieces):
        summary.merge(scenes.summary(piece))
    model = summary.fit(4, init=scenes.seeds(layer, "cover"))
    scenes.describe(model)
    scenes.refine(model)
    assert json.loads(model.to_json()) == json.loads(path.read_text())


def test_refining_tells_how_far_it_is_and_can_be_cancelled():
    scenes = bandcluster.Scenes({"inputs": [SCENE]})
    model = scenes.summary(0, memory=2).fit(6)
    assert not model.converged
    with pytest.raises(bandcluster.Cancelled):
        scenes.refine(model, progress=lambda _fraction, _phase: False)
    told = []
    scenes.refine(model, progress=lambda fraction, _phase: told.append(fraction))
    assert model.converged and told == sorted(told) and told[0] >= 0 and told[-1] == 1
    assert np.array_equal(model.counts, np.bincount(model.predict(read(SCENE)).ravel())[1:])


def test_seeds_that_cannot_be_used(layer, tmp_path):
    scenes = bandcluster.Scenes({"inputs": [SCENE]})
    with pytest.raises(
        bandcluster.InvalidArgument, match="klass, which .* does not have: choose one of cover"
    ):
        scenes.seeds(layer, "klass")
    with pytest.raises(bandcluster.IOFailure, match="nowhere.gpkg"):
        scenes.seeds(tmp_path / "nowhere.gpkg")
    other = bandcluster.Scenes({"inputs": [DATA / "s2_predict.tif"]})
    with pytest.raises(bandcluster.InvalidData, match="seed wood of .* has no valid pixel"):
        other.seeds(layer, "cover")

"""Merging classes, and aligning a new fit to an old model."""

import bandcluster
import numpy as np
import pytest
from scenes import cut, read


@pytest.fixture(scope="module")
def scene():
    return cut(read("s2_train.tif"))


@pytest.fixture(scope="module")
def model(scene):
    return bandcluster.fit(scene, 6)


def test_predicting_with_the_merged_model_is_remapping(scene, model):
    merged, values = model.merge({"water": [1, 3], "crops": [2, 5], "forest": [4]})
    expected = np.array([0, *values])[model.predict(scene)]
    for copy in (merged, bandcluster.Model.from_json(merged.to_json())):
        assert (copy.predict(scene) == expected).all()
    assert (merged.n_clusters, model.n_clusters) == (4, 6)
    assert (
        list(merged.counts)
        == list(np.bincount(expected.ravel())[1:])
        == sorted(merged.counts, reverse=True)
    )
    for name, value in (("water", 1), ("water", 3), ("crops", 2), ("crops", 5), ("forest", 4)):
        assert merged.class_names[values[value - 1] - 1] == name
    band_means = scene[:, expected == values[0]].mean(axis=1)
    assert np.allclose(merged.centers[values[0] - 1], band_means, rtol=1e-12)
    assert merged.inertia > model.inertia
    assert (merged.converged, merged.n_iter) == (True, model.n_iter)


def test_names_alone(scene, model):
    named, values = model.merge({"Sümpfe": (4,)})
    assert values == [1, 2, 3, 4, 5, 6]
    assert named.class_names[3] == "Sümpfe"
    assert (named.centers == model.centers).all()


@pytest.mark.parametrize(
    "groups, wanted",
    [
        ({}, "nothing is to be merged"),
        ({"a": []}, "of no class"),
        ({"": [1]}, "must have a name"),
        ({"a": [1, 7]}, "from 1 to 6, found 7"),
        ({"a": [1.5]}, "whole number"),
        ({"a": [1, 2], "b": [2]}, "both a and b"),
        ({"\0": [1]}, "must have a name"),
    ],
)
def test_what_cannot_be_merged(model, groups, wanted):
    with pytest.raises(bandcluster.InvalidArgument, match=wanted):
        model.merge(groups)


def test_a_new_fit_keeps_the_legend(scene, model):
    old = bandcluster.Model.from_json(model.to_json())
    old.class_names = [f"old {value}" for value in range(1, 7)]
    old.class_colors = [f"#0000{value:02x}" for value in range(1, 7)]
    neighbour = cut(read("s2_predict.tif"))
    for k in (4, 6, 7):
        new = bandcluster.fit(neighbour, k, seed=5)
        aligned, matches = new.align(old)
        assert (
            aligned.class_names[:6] == old.class_names
            and aligned.class_colors[:6] == old.class_colors
        )
        assert aligned.n_clusters == max(k, 6)
        values = [match.value for match in matches]
        assert len(set(values)) == k
        assert (aligned.predict(neighbour) == np.array([0, *values])[new.predict(neighbour)]).all()
        for match, center in zip(matches, new.centers):
            if match.value > 6:
                assert (match.like, match.distance) == (None, None)
            else:
                assert match.like == match.value
                expected = np.linalg.norm(center - old.centers[match.value - 1])
                assert match.distance == pytest.approx(expected, rel=1e-2, abs=1)


def test_a_refinement_keeps_the_numbers(scene, model):
    old = bandcluster.fit(cut(read("s2_predict.tif")), 6)
    aligned, _ = model.align(old)
    before = aligned.predict(scene)
    refinement = bandcluster.Refinement(aligned, scene.dtype)
    refinement.add(scene)
    refinement.apply(aligned)
    assert (aligned.predict(scene) == before).all()


def test_bands_must_be_the_same(scene, model):
    with pytest.raises(bandcluster.InvalidArgument, match="same bands"):
        bandcluster.fit(scene[:3], 6).align(model)

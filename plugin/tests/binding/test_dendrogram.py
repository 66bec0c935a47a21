"""The dendrogram in a model: as scikit-learn's, and cut again without the scene."""

import json

import bandcluster
import numpy as np
import pytest
from scenes import cut, read
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score


def distinct(n):
    pixels = cut(read("s2_train.tif"), 60)
    return np.unique(pixels.reshape(len(pixels), -1), axis=1)[:, ::3][:, :n]


@pytest.mark.parametrize("linkage", ["ward", "average", "complete"])
def test_it_is_scikit_learns(linkage):
    pixels = distinct(400)
    options = {
        "algorithm": "agglomerative",
        "linkage": linkage,
        "n_representatives": pixels.shape[1],
    }
    tree = bandcluster.fit(pixels, 5, **options).dendrogram
    assert tree.sizes[-1] == pixels.shape[1] == len(tree.points)
    theirs = AgglomerativeClustering(None, linkage=linkage, distance_threshold=0).fit(tree.points)
    np.testing.assert_allclose(tree.distances, theirs.distances_, rtol=1e-6)
    for k in (2, 5, 9):
        labels = AgglomerativeClustering(k, linkage=linkage).fit_predict(tree.points)
        assert adjusted_rand_score(tree.cut(k), labels) > 0.999
        again = bandcluster.fit(pixels, k, **options).predict(tree.points.T.astype(pixels.dtype))
        assert adjusted_rand_score(tree.cut(k), again) == 1


def test_draws_of_one_pixel_are_one_region():
    pixels = np.repeat(np.array([[10, 10, 12, 40, 41, 90]], np.uint8), 50, axis=1)
    tree = bandcluster.fit(pixels, 2, algorithm="agglomerative", linkage="single").dendrogram
    np.testing.assert_array_equal(tree.distances, [1, 2, 28, 49])
    assert sorted(tree.points[:, 0]) == [10, 12, 40, 41, 90]
    np.testing.assert_array_equal(tree.cut(5), range(5))
    assert (tree.cut(1) == 0).all()
    with pytest.raises(ValueError, match="1 to 5"):
        tree.cut(6)


def test_a_saved_model_keeps_it_and_a_damaged_one_is_refused():
    model = bandcluster.fit(distinct(100), 3, algorithm="agglomerative")
    text = model.to_json()
    assert bandcluster.Model.from_json(text).to_json() == text
    damaged = json.loads(text)
    damaged["dendrogram"]["joins"][5] = [0, 0]
    with pytest.raises(bandcluster.InvalidModel, match="dendrogram"):
        bandcluster.Model.from_json(json.dumps(damaged))
    assert bandcluster.fit(distinct(100), 3).dendrogram is None

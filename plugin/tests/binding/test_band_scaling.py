"""What a model keeps of the meaning of samples."""

import bandcluster
import numpy as np
import pytest


@pytest.fixture
def model():
    return bandcluster.fit(np.arange(200, dtype=np.uint16).reshape(2, 10, 10), n_clusters=2)


def test_scale_and_offset_are_kept(model):
    assert model.scaling == [(1, 0), (1, 0)]
    model.set_band(2, "B8A", 0, (1e-4, -0.1))
    assert model.scaling == [(1, 0), (1e-4, -0.1)]
    model.set_band(2, "narrow infrared")
    assert model.scaling == [(1, 0), (1e-4, -0.1)] and model.band_names == [
        "band 1",
        "narrow infrared",
    ]
    assert bandcluster.Model.from_json(model.to_json()).scaling == model.scaling


@pytest.mark.parametrize(("scale", "offset"), [(0, 0), (float("nan"), 0), (1, float("inf"))])
def test_numbers_that_mean_nothing_are_refused(model, scale, offset):
    with pytest.raises(bandcluster.InvalidArgument, match="finite numbers"):
        model.set_band(1, "B02", 0, (scale, offset))
    assert model.band_names == ["band 1", "band 2"]

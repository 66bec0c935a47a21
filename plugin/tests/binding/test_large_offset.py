"""Large values with small differences: distinct pixels stay distinct."""

import bandcluster
import numpy as np
import pytest


def test_steps_that_only_an_offset_hides():
    steps = np.arange(400.0).reshape(1, 20, 20) * 1e-3
    with pytest.raises(
        bandcluster.InvalidData, match="subtract a constant from the band, such as 1000000000000"
    ):
        bandcluster.fit(steps + 1e12, 4)
    assert len(bandcluster.fit(steps, 4).class_names) == 4

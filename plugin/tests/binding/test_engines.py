"""The programs of docs/python.md for Ray and Spark give the model of one machine."""

import functools
import pickle
import re

import bandcluster
import numpy as np
import pytest
from scenes import ROOT, cut, read


@pytest.fixture(scope="module")
def pixels():
    return cut(read("s2_train.tif"))


def program(engine):
    """Runs the page's program for an engine; returns the names that it defines."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    section = page.split("## Spark and Ray")[1].split(f"[{engine}](")[1]
    names = {}
    exec(re.search(r"```py\n(.*?)```", section, re.S).group(1), names)
    return names


def strips(pixels):
    return [pixels[:, row : row + 90] for row in range(0, pixels.shape[1], 90)]


def test_ray(pixels):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100 << 20)
    try:
        model = program("Ray")["fit"](
            [ray.put(np.ascontiguousarray(strip)) for strip in strips(pixels)], 5
        )
    finally:
        ray.shutdown()
    assert model.to_json() == bandcluster.fit(pixels, 5).to_json()


class Partitions:
    """The part of Spark's RDD that the program uses; objects are pickled between tasks."""

    def __init__(self, items):
        self.items = items

    def map(self, function):
        return Partitions([function(item) for item in self.items])

    def treeReduce(self, function):  # noqa: N802, Spark's name
        return functools.reduce(function, [pickle.loads(pickle.dumps(item)) for item in self.items])


def test_spark(pixels):
    model = program("Spark")["fit"](Partitions(strips(pixels)), 5)
    assert model.to_json() == bandcluster.fit(pixels, 5).to_json()

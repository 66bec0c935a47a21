"""Colours, legends and filters of maps."""

import math
import xml.etree.ElementTree

import bandcluster
import numpy as np
import pytest
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("l8_nodata_a.tif")


@pytest.fixture
def model(scene):
    return bandcluster.fit(scene, nodata=0, n_clusters=5)


def entries(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    return [
        (entry.get("value"), entry.get("color"), entry.get("label"))
        for entry in root.iter("paletteEntry")
    ]


def test_colours_by_text(model):
    model.set_colors("red, #00ff00,Blue,black,white")
    assert model.class_colors == ["#ff0000", "#00ff00", "#0000ff", "#000000", "#ffffff"]
    model.set_colors("palette:tab10")
    assert model.class_colors[:2] == ["#1f77b4", "#ff7f0e"]
    for wrong in ("red", "palette:none", "", "red,red,red,red,nothing", "a\0b"):
        with pytest.raises(bandcluster.InvalidArgument):
            model.set_colors(wrong)
    assert model.class_colors[0] == "#1f77b4"


def test_the_legend_tells_names_colours_and_shares(scene, model, tmp_path):
    model.class_names = ["a < b", "c & d", '"e"', "Wälder 林", "class 5"]
    counts = np.bincount(model.predict(scene).ravel(), minlength=6)
    model.save_qml(tmp_path / "map.qml", counts)
    shares = [f"{100 * count / counts[1:].sum():.1f} %" for count in counts[1:]]
    titles = [f"{name} ({share})" for name, share in zip(model.class_names, shares)]
    assert entries(tmp_path / "map.qml") == list(zip("12345", model.class_colors, titles))
    model.save_qml(tmp_path / "trained.qml")
    assert entries(tmp_path / "trained.qml") == entries(tmp_path / "map.qml")
    with pytest.raises(bandcluster.InvalidArgument, match="counts has 5 numbers: 6 are wanted"):
        model.save_qml(tmp_path / "no.qml", counts[1:])
    with pytest.raises(bandcluster.IOFailure):
        model.save_qml(tmp_path / "none" / "no.qml")
    model.save_polygons_qml(tmp_path / "polygons.qml")
    lines = xml.etree.ElementTree.parse(tmp_path / "polygons.qml").iter("category")
    assert [(line.get("value"), line.get("label")) for line in lines] == list(
        zip("12345", model.class_names)
    )
    with pytest.raises(bandcluster.IOFailure):
        model.save_polygons_qml(tmp_path / "none" / "no.qml")


def test_labels_are_counted_in_any_layout(scene, model):
    labels = model.predict(scene)
    expected = np.bincount(labels.ravel(), minlength=8)
    assert expected[0] and expected[5] and not expected[6]
    for given in (
        labels,
        labels.astype(np.uint16),
        np.asfortranarray(labels),
        labels[::-1],
        labels.ravel(),
    ):
        assert bandcluster.count_labels(given, 7).tolist() == expected.tolist()
    odd = labels.astype(np.uint16)[:, ::3] * 13000
    assert (
        bandcluster.count_labels(odd, 65000).tolist()
        == np.bincount(odd.ravel(), minlength=65001).tolist()
    )


def test_counting_refuses(model):
    labels = np.full((4, 5), 3, np.uint8)
    with pytest.raises(
        bandcluster.InvalidArgument, match="there is a label 3, and counts has 3 numbers"
    ):
        bandcluster.count_labels(labels, 2)
    with pytest.raises(bandcluster.InvalidArgument):
        bandcluster.count_labels(labels[:0], 3)
    with pytest.raises(TypeError):
        bandcluster.count_labels(labels.astype(int), 3)


def plain_majority(labels, window):
    """The filter by its definition."""
    reach = window // 2
    filtered = labels.copy()
    for y, x in np.argwhere(labels):
        around = labels[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        votes = np.bincount(around[around > 0])
        if votes[labels[y, x]] < votes.max():
            filtered[y, x] = votes.argmax()
    return filtered


def test_majority(scene, model):
    labels = model.predict(scene)[200:300, :180]
    assert (labels == 0).any() and (labels > 0).any()
    expected = plain_majority(labels, 5)
    assert not np.array_equal(expected, labels)
    for given in (
        labels,
        labels.astype(np.uint16),
        np.asfortranarray(labels),
        labels.astype(">u2"),
    ):
        for threads in (1, 3):
            found = bandcluster.majority(given, 5, threads=threads)
            assert found.dtype == given.dtype.newbyteorder("=")
            assert np.array_equal(found, expected)
    strips = [
        bandcluster.majority(labels[max(y - 2, 0) : y + 12], 5, rows=(min(y, 2), min(y, 2) + 10))
        for y in range(0, 100, 10)
    ]
    assert np.array_equal(np.concatenate(strips), expected)


def test_majority_refuses(model):
    labels = np.ones((4, 5), np.uint8)
    for window in (0, 1, 4, 257):
        with pytest.raises(bandcluster.InvalidArgument, match="odd number"):
            bandcluster.majority(labels, window)
    for rows in ((0, 0), (3, 5), (-1, 2)):
        with pytest.raises(bandcluster.InvalidArgument, match="rows"):
            bandcluster.majority(labels, 3, rows=rows)
    for wrong in (labels.astype(int), labels[0], [[1.5]]):
        with pytest.raises(bandcluster.InvalidArgument, match="labels must be"):
            bandcluster.majority(wrong, 3)


def test_areas_of_rows():
    edges = np.radians(np.linspace(90, -90, 721))
    areas = bandcluster.row_areas(6378137, 6356752.314245179, edges, 2 * math.pi)
    assert areas.sum() == pytest.approx(510065621.724e6, rel=1e-11)
    assert areas[0] < areas[359] and areas[0] == pytest.approx(areas[-1])
    with pytest.raises(bandcluster.InvalidArgument, match="half axes"):
        bandcluster.row_areas(1, 2, edges, 1)
    with pytest.raises(bandcluster.InvalidArgument, match="at least two"):
        bandcluster.row_areas(2, 1, [0.5], 1)

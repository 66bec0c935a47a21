"""Block by block, in any blocks and any order, gives what one call gives."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import bandcluster
import numpy as np
import pytest
from scenes import read

SCENES = {"s2_train.tif": None, "l8_nodata_a.tif": 0, "s2_13band.tif": None}


def rows(pixels):
    return [(slice(y, y + 1), slice(None)) for y in range(pixels.shape[1])]


def tiles(pixels):
    return [
        (slice(y, y + 64), slice(x, x + 64))
        for y in range(0, pixels.shape[1], 64)
        for x in range(0, pixels.shape[2], 64)
    ]


def whole(pixels):
    return [(slice(None), slice(None))]


def tiles_backwards(pixels):
    return tiles(pixels)[::-1]


def refine(model, pixels, blocks, nodata, parts=1):
    """Refines over the blocks until converged; several parts share the blocks and are merged."""
    passes = 0
    while not model.converged:
        refinements = [bandcluster.Refinement(model, pixels.dtype) for _ in range(parts)]
        for number, block in enumerate(blocks):
            refinements[number % parts].add(pixels[:, block[0], block[1]], nodata=nodata)
        for other in refinements[1:]:
            refinements[0].merge(other)
        assert refinements[0].apply(model) >= 0
        passes += 1
    return passes


def summarise(pixels, blocks, nodata, memory=256):
    summary = bandcluster.Summary(len(pixels), pixels.dtype, memory)
    for block in blocks:
        summary.add(pixels[:, block[0], block[1]], nodata=nodata)
    return summary


def labelled(model, pixels, blocks, nodata):
    labels = np.full(pixels.shape[1:], 99, np.uint8)
    for block in blocks:
        model.predict(pixels[:, block[0], block[1]], nodata=nodata, out=labels[block])
    return labels


@pytest.mark.parametrize("memory", [256, 3])
@pytest.mark.parametrize("cut", [rows, tiles, tiles_backwards, whole])
@pytest.mark.parametrize("name", SCENES)
def test_blocks_give_the_bytes_of_one_call(name, cut, memory):
    pixels, nodata = read(name), SCENES[name]
    expected = bandcluster.fit(pixels, n_clusters=6, nodata=nodata, memory=memory)
    blocks = cut(pixels)
    model = summarise(pixels, blocks, nodata, memory).fit(6)
    refine(model, pixels, blocks, nodata)
    for band in range(1, len(pixels) + 1):
        model.set_band(band, "", nodata)
        expected.set_band(band, "", nodata)
    assert model.to_json() == expected.to_json()
    assert np.array_equal(
        labelled(model, pixels, blocks, nodata), expected.predict(pixels, nodata=nodata)
    )


def test_merged_parts_give_the_bytes_of_the_whole(tmp_path):
    pixels = read("s2_train.tif")
    expected = bandcluster.fit(pixels, n_clusters=6)
    halves = tiles(pixels)[::2], tiles(pixels)[1::2]
    left, right = (summarise(pixels, half, None) for half in halves)
    right.save(tmp_path / "right.summary")
    left.merge(bandcluster.Summary.load(tmp_path / "right.summary"))
    assert left.info().n_pixels == pixels[0].size
    model = left.fit(6)
    refine(model, pixels, tiles(pixels), None, parts=3)
    assert model.to_json() == expected.to_json()


def test_info_counts_pixels():
    pixels = read("l8_nodata_a.tif")
    info = summarise(pixels, rows(pixels), 0).info()
    assert info.n_bands == 3
    assert info.dtype == np.uint16
    assert info.n_pixels == pixels[0].size
    assert info.n_valid == (pixels != 0).all(axis=0).sum()
    assert 0 < info.n_cells <= info.n_valid
    assert info.cell_width >= 1


def test_a_small_budget_coarsens_and_the_refinement_mends_it():
    pixels = read("s2_13band.tif")
    summary = summarise(pixels, whole(pixels), None, memory=3)
    assert summary.info().cell_width > 1
    model = summary.fit(6)
    assert not model.converged
    assert refine(model, pixels, whole(pixels), None) >= 1
    labels = model.predict(pixels)
    distances = ((pixels - model.centers[labels.ravel() - 1].T.reshape(pixels.shape)) ** 2).sum()
    assert model.inertia == pytest.approx(distances, rel=1e-6)


@pytest.mark.parametrize("name", SCENES)
def test_the_pass_that_finds_the_centres_at_rest_has_labelled_the_pixels(name):
    pixels, nodata = read(name), SCENES[name]
    model = summarise(pixels, whole(pixels), nodata).fit(6)
    while not model.converged:
        before, refinement = model.centers, bandcluster.Refinement(model, pixels.dtype)
        by_centers = model.predict(pixels, nodata=nodata)
        labels = np.full(pixels.shape[1:], 99, np.uint8)
        for block in tiles_backwards(pixels):
            labels[block] = refinement.add_and_label(pixels[:, block[0], block[1]], nodata=nodata)
        assert np.array_equal(labels, by_centers)
        refinement.apply(model)
    assert np.array_equal(before, model.centers)
    assert np.array_equal(np.bincount(labels.ravel(), minlength=7)[1:], model.counts)


def test_what_does_not_belong_together():
    summary = bandcluster.Summary(3, np.uint16)
    with pytest.raises(bandcluster.BandclusterError):
        summary.merge(bandcluster.Summary(4, np.uint16))
    with pytest.raises(bandcluster.BandclusterError):
        summary.add(np.zeros((4, 2, 2), np.uint16))
    with pytest.raises(bandcluster.InvalidData):
        summary.fit(2)


def test_summaries_travel_by_pickle(tmp_path):
    scene = read("s2_train.tif")
    summary = bandcluster.Summary(4, scene.dtype)
    summary.add(scene[:, :400])
    copy = pickle.loads(pickle.dumps(summary))
    assert copy.info() == summary.info()
    summary.save(tmp_path / "a")
    copy.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_refinements_travel_by_pickle_and_by_file(tmp_path):
    scene = read("s2_train.tif")
    summary = bandcluster.Summary(4, scene.dtype, memory=3)
    summary.add(scene)
    expected, model = bandcluster.fit(scene, 3, memory=3), summary.fit(3)
    assert not model.converged
    while not model.converged:
        # Another process gets the model as text.
        elsewhere = bandcluster.Model.from_json(model.to_json())
        halves = [bandcluster.Refinement(elsewhere, scene.dtype) for _ in range(2)]
        halves[0].add(scene[:, :400])
        halves[1].add(scene[:, 400:])
        first, second = (pickle.loads(pickle.dumps(half)) for half in halves)
        first.save(tmp_path / "first")
        again = bandcluster.Refinement.load(tmp_path / "first")
        again.merge(second)
        second.merge(first)
        again.save(tmp_path / "a")
        second.save(tmp_path / "b")
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
        assert second.add_and_label(scene[:, :1]).dtype == np.uint8
        again.apply(model)
    assert model.to_json() == expected.to_json()
    with pytest.raises(bandcluster.InvalidModel, match="this is not a bandcluster refinement"):
        model.save(tmp_path / "model.json")
        bandcluster.Refinement.load(tmp_path / "model.json")


def test_many_threads_fit_on_one_summary_at_once():
    pixels = read("s2_13band.tif")
    summary, alone = (bandcluster.Summary(len(pixels), pixels.dtype, 8) for _ in range(2))
    summary.add(pixels)
    alone.add(pixels)
    numbers = [2, 5, 5, 3, 7, 4]
    together = threading.Barrier(len(numbers), timeout=60)

    def fit(k):
        begun = []

        def look(_fraction, _phase):
            if not begun:  # all fits begin before one goes on
                begun.append(together.wait())
            return True

        return summary.fit(n_clusters=k, threads=1, progress=look).to_json()

    with ThreadPoolExecutor(len(numbers)) as pool:
        models = list(pool.map(fit, numbers))
    assert models == [alone.fit(n_clusters=k).to_json() for k in numbers]


def test_a_summary_that_is_read_changes_only_afterwards():
    pixels = read("s2_13band.tif")
    summary, twice = (bandcluster.Summary(len(pixels), pixels.dtype, 8) for _ in range(2))
    summary.add(pixels)
    twice.add(pixels)
    once = summary.fit(n_clusters=4).to_json()
    twice.add(pixels)
    with ThreadPoolExecutor(2) as pool:
        added = []

        def look(_fraction, _phase):
            if not added:
                added.append(pool.submit(summary.add, pixels))
            return True

        fitted = pool.submit(lambda: summary.fit(n_clusters=4, progress=look).to_json())
        assert fitted.result() == once
        added[0].result()
    assert summary.fit(n_clusters=4).to_json() == twice.fit(n_clusters=4).to_json()


def test_summaries_that_are_merged_into_each_other_at_once_do_not_wait_for_ever():
    pixels = read("s2_train.tif")
    one, other = (bandcluster.Summary(len(pixels), pixels.dtype) for _ in range(2))
    with ThreadPoolExecutor(2) as pool:
        for _ in range(50):
            merges = [pool.submit(one.merge, other), pool.submit(other.merge, one)]
            [merge.result(timeout=60) for merge in merges]

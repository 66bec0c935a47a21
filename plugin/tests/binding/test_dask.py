"""Fits and maps on a cluster have the bytes of one machine, even if a worker is lost."""

import os
import shutil
import signal
import threading
import time

import bandcluster
import dask
import dask.array
import numpy as np
import pytest
import rasterio
from scenes import DATA, PLUGIN, read

dask_of = pytest.importorskip("bandcluster.dask")
distributed = pytest.importorskip("distributed")

from bandcluster.dask import _engine, _pixels  # noqa: E402

MEMORY = 3  # so little that the model needs refinement


@pytest.fixture(scope="module")
def pixels():
    return read("s2_train.tif")[:, :400, :600]


@pytest.fixture(scope="module")
def expected(pixels):
    return bandcluster.fit(pixels, 4, memory=MEMORY, nodata=300)


# A busy machine answers slowly, and workers must not take over each other's blocks.
CONFIGURATION = {
    "distributed.comm.timeouts.connect": "300s",
    "distributed.comm.timeouts.tcp": "300s",
    "distributed.scheduler.work-stealing": False,
}


@pytest.fixture(scope="module")
def client():
    """Two processes of one thread each."""
    path = os.pathsep.join(filter(None, [str(PLUGIN), os.environ.get("PYTHONPATH")]))
    with dask.config.set({"distributed.nanny.pre-spawn-environ.PYTHONPATH": path, **CONFIGURATION}):
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0
        )
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield client


def blocks(pixels, size=130):
    return dask.array.from_array(pixels, chunks=(2, size, size))


@pytest.mark.parametrize("where", ["here", "cluster"])
def test_the_model_is_that_of_one_machine(pixels, expected, client, where):
    told = []
    client = client if where == "cluster" else None
    model = dask_of.fit(
        blocks(pixels),
        4,
        nodata=300,
        memory=MEMORY,
        client=client,
        progress=lambda *how: told.append(how),
    )
    assert model.to_json() == expected.to_json()
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0 and len(set(fractions)) > 3
    assert {"summarising", "refining"} <= {message for _, message in told}
    labels = dask_of.predict(model, blocks(pixels))
    assert isinstance(labels, dask.array.Array) and labels.dtype == np.uint8
    scheduler = client.get if client else "threads"
    assert np.array_equal(labels.compute(scheduler=scheduler), expected.predict(pixels))


@pytest.mark.parametrize("where", ["here", "cluster"])
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
def test_labels_come_from_the_last_pass(pixels, client, tmp_path, where, masked):
    def logged(block, block_info=None):
        place = "-".join(map(str, block_info[0]["chunk-location"]))
        (tmp_path / f"{place}-{time.monotonic_ns()}").touch()
        return block

    mask = np.arange(400 * 600).reshape(400, 600) % 3 > 0 if masked else None
    lazy = dask.array.from_array(pixels, chunks=(4, 100, 150)).map_blocks(logged, dtype=np.uint16)
    client = client if where == "cluster" else None
    given = {"nodata": 300, "mask": mask, "memory": MEMORY}
    expected = bandcluster.fit(pixels, 4, **given)
    model, labels = dask_of.fit_predict(lazy, 4, client=client, **given)
    assert model.to_json() == expected.to_json()
    assert labels.chunks == lazy.chunks[1:] and labels.dtype == np.uint8
    scheduler = client.get if client else "threads"
    found = labels.compute(scheduler=scheduler)
    assert np.array_equal(found, expected.predict(pixels, mask=mask))
    # The summary is one pass, the refinement with its labels another.
    assert len(list(tmp_path.iterdir())) == 2 * lazy.npartitions


def test_labels_of_a_fit_without_a_last_pass_are_lazy(pixels):
    few = pixels // 1000  # cells of single values: the fit is exact without a pass
    model, labels = dask_of.fit_predict(blocks(few), 3)
    assert model.to_json() == bandcluster.fit(few, 3).to_json()
    assert np.array_equal(labels.compute(), model.predict(few))


def test_masks_and_choices(pixels):
    mask = np.arange(400 * 600).reshape(400, 600) % 3 > 0
    expected = bandcluster.fit(pixels, 4, mask=mask, memory=MEMORY)
    assert dask_of.fit(blocks(pixels), 4, mask=mask, memory=MEMORY).to_json() == expected.to_json()
    labels = dask_of.predict(expected, blocks(pixels), mask=dask.array.from_array(mask, chunks=77))
    assert np.array_equal(labels.compute(), expected.predict(pixels, mask=mask))
    assert dask_of.choose_k(blocks(pixels), 2, 3, memory=MEMORY) == bandcluster.choose_k(
        pixels, 2, 3, memory=MEMORY
    )


def test_what_cannot_be_is_told_before_anything_is_computed(pixels):
    def never(block):
        raise AssertionError("a block was computed")

    lazy = blocks(pixels).map_blocks(never, dtype=np.uint16)
    of_both = [
        ({"algorithm": "magic"}, "'?magic"),
        ({"seed": -1}, "seed must be from 0"),
        ({"nodata": [1, 2]}, "nodata has 2 values for 4 bands"),
        ({"mask": np.ones((2, 2))}, r"the mask has shape \(2, 2\)"),
        ({"memory": 0}, "memory must be a positive number"),
        ({"threads": -1}, "threads must be from 0"),
        ({"band_weights": [1, 2]}, "2 band weights are given for 4 bands: give one for each band"),
        ({"band_weights": [1, 0, 1, 1]}, "do not choose it"),
        ({"band_weights": [1, 2, 3, 4], "algorithm": "gmm"}, "weights change nothing"),
    ]
    of_fit = [
        ({"n_clusters": 0}, "n_clusters must be from 1"),
        ({"init": [[1, 2]]}, "the centres of init have 2 bands, the pixels 4"),
        ({"band_weights": [1, 2], "algorithm": "birch"}, "2 band weights are given for 4 bands"),
        ({"linkage": "ward"}, "kmeans has no option linkage"),
    ]
    of_choice = [
        ({"min": 5, "max": 4}, "min must not be above max"),
        ({"title": "\0", "report": "page.html"}, "title must not hold a NUL"),
        ({"report": os.curdir}, "is a folder"),
    ]
    for call, cases in ((dask_of.fit, of_both + of_fit), (dask_of.choose_k, of_both + of_choice)):
        for wrong, message in cases:
            with pytest.raises(bandcluster.InvalidArgument, match=message):
                call(lazy, **wrong)
        with pytest.raises(TypeError, match="not callable"):
            call(lazy, progress="loud")
        with pytest.raises(bandcluster.Cancelled):
            call(lazy, progress=lambda *_: False)
    with pytest.raises(bandcluster.IOFailure, match="there is no folder"):
        dask_of.choose_k(lazy, report=os.path.join("nowhere", "page.html"))
    with pytest.raises(bandcluster.InvalidArgument, match="bands, height, width"):
        dask_of.fit(lazy[0])
    with pytest.raises(bandcluster.InvalidArgument, match="3 bands, the model was fitted on 4"):
        dask_of.predict(bandcluster.fit(pixels, 2), lazy[:3])
    with pytest.raises(bandcluster.InvalidArgument, match="nodata has 2 values for 4 bands"):
        dask_of.predict(bandcluster.fit(pixels, 2), lazy, nodata=[1, 2])
    with pytest.raises(TypeError, match="complex128 are not supported"):
        dask_of.predict(bandcluster.fit(pixels, 2), lazy.astype(complex))


def test_options_are_checked_before_files_are_opened(monkeypatch):
    def never(*_):
        raise AssertionError("a file was opened")

    monkeypatch.setattr(_pixels, "Scenes", never)
    for wrong in ({"algorithm": "magic"}, {"linkage": "ward"}, {"threads": -1}, {"memory": 0}):
        with pytest.raises(bandcluster.InvalidArgument):
            dask_of.fit_files([DATA / "l8_nodata_a.tif"], **wrong)
    # What is about each band waits for the bands.
    for later in ({"init": [[1, 2]], "fix": True}, {"band_weights": [1, 2]}, {"nodata": None}):
        with pytest.raises(AssertionError, match="a file was opened"):
            dask_of.fit_files([DATA / "l8_nodata_a.tif"], **later)


@pytest.mark.parametrize("where", ["here", "cluster"])
def test_cancel_ends_the_work(pixels, client, tmp_path, where):
    def slow(block, block_info=None):
        (tmp_path / "-".join(map(str, block_info[0]["chunk-location"]))).touch()
        time.sleep(0.2)
        return block

    lazy = blocks(pixels, 30).map_blocks(slow, dtype=np.uint16)
    client = client if where == "cluster" else None
    kept = client and client.submit(len, "of somebody else", key="kept")

    def tasks():
        return client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks))

    # A notebook keeps the error and the objects in its frames.
    with pytest.raises(bandcluster.Cancelled) as _kept_error:
        dask_of.fit(lazy, 4, client=client, progress=lambda fraction, _: fraction < 0.01)
    if client:
        deadline = time.monotonic() + 120
        while len(tasks()) > 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        # Other results of the client stay on the cluster.
        assert tasks() == ["kept"] and kept.result() == 16
    assert len(list(tmp_path.iterdir())) < lazy.npartitions / 2


def test_two_fits_at_once_do_not_hear_each_other(pixels, expected, monkeypatch):
    """The progress callable of one fit cancels it, in its own thread; the other goes on."""
    both_begin, told, found = threading.Barrier(2, timeout=120), {"a": set(), "b": set()}, {}
    compute = dask.compute

    def together(*given, **options):
        if not told[threading.current_thread().name]:
            both_begin.wait()
        return compute(*given, **options)

    monkeypatch.setattr(dask, "compute", together)

    def work(name, most):
        def progress(fraction, message):
            told[name].add(threading.current_thread().name)
            return fraction < most

        try:
            found[name] = dask_of.fit(
                blocks(pixels), 4, nodata=300, memory=MEMORY, progress=progress
            ).to_json()
        except bandcluster.Cancelled:
            found[name] = "cancelled"

    threads = [
        threading.Thread(target=work, args=given, name=given[0]) for given in (("a", 0.3), ("b", 2))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {"a": {"a"}, "b": {"b"}}
    assert found == {"a": "cancelled", "b": expected.to_json()}


def test_a_lost_worker_costs_its_blocks_only(pixels, expected, client, tmp_path):
    loads, is_lost = tmp_path / "loads", tmp_path / "is_lost"
    loads.mkdir()

    def logged(block, block_info=None):
        place = "-".join(map(str, block_info[0]["chunk-location"]))
        (loads / f"{os.getpid()}-{place}-{time.monotonic_ns()}").touch()
        # Until a worker is lost, fewer blocks are done than are merged at once, so each is still
        # where it was loaded.
        deadline = time.monotonic() + 120
        while (
            len(list(loads.iterdir())) > 6 and not is_lost.exists() and time.monotonic() < deadline
        ):
            time.sleep(0.01)
        return block

    def done_by():
        return [file.name.split("-")[0] for file in loads.iterdir()]

    # A whole block is loaded at once: its bands are one chunk.
    lazy = dask.array.from_array(pixels, chunks=(4, 100, 100)).map_blocks(logged, dtype=np.uint16)
    is_lost.touch()
    dask_of.fit(lazy, 4, nodata=300, memory=MEMORY, client=client)
    undisturbed = len(done_by())
    assert lazy.npartitions == 24 and undisturbed >= 2 * 24

    is_lost.unlink()
    for file in loads.iterdir():
        file.unlink()
    victim = min(client.run(os.getpid).values())

    def kill(fraction, message):
        # In the middle of the first pass, when the worker has begun a block.
        if fraction > 0 and not is_lost.exists() and str(victim) in done_by():
            os.kill(victim, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has no SIGKILL
            is_lost.touch()

    model = dask_of.fit(lazy, 4, nodata=300, memory=MEMORY, client=client, progress=kill)
    assert is_lost.exists()
    assert model.to_json() == expected.to_json()
    again = len(done_by()) - undisturbed
    assert 0 < again <= done_by().count(str(victim)), "blocks of the other worker were done again"


def test_workers_open_files_themselves(client, tmp_path):
    paths = [DATA / "l8_nodata_a.tif", DATA / "l8_nodata_b.tif"]
    file = tmp_path / "model.json"
    bandcluster.fit_files(paths, file, n_clusters=5, memory=2 * MEMORY, bands=[3, 1])
    options = {"bands": [3, 1], "memory": MEMORY, "piece_pixels": 100_000}
    model = dask_of.fit_files(paths, 5, client=client, **options)
    assert model.to_json() == file.read_text()
    assert model.nodata == [0.0, 0.0]
    (tmp_path / "maps").mkdir()
    (tmp_path / "expected").mkdir()
    outcomes = dask_of.predict_files(model, paths, tmp_path / "maps", client=client, bands=[3, 1])
    assert [outcome.facts["labels"][0]["input"] for outcome in outcomes] == [
        str(path) for path in paths
    ]
    bandcluster.predict_files(file, paths, tmp_path / "expected", bands=[3, 1])
    for path in paths:
        map, same = tmp_path / "maps" / path.name, tmp_path / "expected" / path.name
        assert np.array_equal(read(map), read(same))
    with pytest.raises(bandcluster.BandclusterError, match="overwrite"):
        dask_of.predict_files(model, paths, tmp_path / "maps", client=client, bands=[3, 1])
    with pytest.raises(bandcluster.IOFailure, match="nowhere.tif"):
        dask_of.fit_files([*paths, DATA / "nowhere.tif"], 5, client=client)
    with pytest.raises(bandcluster.InvalidArgument, match="bands"):
        dask_of.fit_files(paths, 5, client=client, bands=[7])
    with pytest.raises(bandcluster.InvalidArgument, match="1 band weights are given for 2 bands"):
        dask_of.fit_files(paths, 5, client=client, bands=[3, 1], band_weights=[1])


@pytest.mark.parametrize(("n_slots", "n_pieces"), [(1, 1), (2, 2)])
def test_all_slots_have_as_much_to_read(n_slots, n_pieces, monkeypatch):
    """The scene is one piece of the usual size."""
    monkeypatch.setattr(_pixels, "_LEAST_PIECE", 1000)
    request = {"inputs": [DATA / "l8_nodata_a.tif"]}
    assert _pixels.Files(request, 0, n_slots)._scenes.n_pieces == n_pieces
    assert _pixels.Files(request, 10**9, n_slots)._scenes.n_pieces == 1


def test_maps_use_idle_slots(client):
    engine = _engine.Engine(client, None)
    assert engine.n_slots() == 2
    assert [engine.n_threads(n_tasks) for n_tasks in (1, 2, 3, 100)] == [2, 1, 1, 1]
    assert _engine.Engine(None, None).n_threads(1) == os.cpu_count()


def test_workers_notice_that_a_file_is_another_one_now(client, tmp_path):
    path = tmp_path / "scene.tif"
    counts = []
    for scene in ("l8_nodata_a.tif", "l8_nodata_b.tif"):
        shutil.copy(DATA / scene, tmp_path / "new.tif")
        os.replace(tmp_path / "new.tif", path)
        counts.append(dask_of.fit_files([path], 5, client=client).counts.tolist())
        assert counts[-1] == dask_of.fit_files([DATA / scene], 5, client=client).counts.tolist()
    assert counts[0] != counts[1]


def test_axes_are_not_guessed_here_either(pixels):
    last = dask.array.from_array(np.ascontiguousarray(np.moveaxis(pixels, 0, -1)), chunks=130)
    expected = bandcluster.fit(pixels, 4, memory=MEMORY)
    assert bandcluster.fit(last, 4, memory=MEMORY, channel_axis=-1).to_json() == expected.to_json()
    assert np.array_equal(
        expected.predict(last, channel_axis=-1).compute(), expected.predict(pixels)
    )
    few = {"max": 3, "memory": MEMORY}
    assert bandcluster.choose_k(last, channel_axis=2, **few) == bandcluster.choose_k(pixels, **few)
    for call in (bandcluster.fit, bandcluster.choose_k, expected.predict):
        with pytest.raises(bandcluster.InvalidArgument, match="channel_axis=2"):
            call(last)


def test_blocks_without_pixels(pixels, expected):
    chosen = np.ones(600, bool)
    chosen[130:260] = False
    some = blocks(pixels)[:, :, dask.array.from_array(chosen, chunks=130)]
    some.compute_chunk_sizes()
    assert 0 in some.chunks[2]
    model = dask_of.fit(some, 4, nodata=300, memory=MEMORY)
    assert (
        model.to_json()
        == bandcluster.fit(pixels[:, :, chosen], 4, nodata=300, memory=MEMORY).to_json()
    )
    assert np.array_equal(expected.predict(some).compute(), expected.predict(pixels[:, :, chosen]))


def test_paths_are_those_of_the_caller(client, tmp_path, monkeypatch):
    scene = read("l8_nodata_a.tif")
    monkeypatch.chdir(tmp_path)  # the workers have another current folder
    with rasterio.open(DATA / "l8_nodata_a.tif") as opened:
        profile = {**opened.profile, "count": 1, "dtype": "uint8", "nodata": None}
    keep = (np.arange(scene[0].size) % 3 > 0).reshape(scene[0].shape)
    with rasterio.open("mask.tif", "w", **profile) as written:
        written.write(keep.astype(np.uint8), 1)
    model = dask_of.fit_files([DATA / "l8_nodata_a.tif"], 3, mask="mask.tif", client=client)
    assert model.counts.sum() == (keep & (scene != 0).all(axis=0)).sum()
    (tmp_path / "maps").mkdir()
    with pytest.raises(bandcluster.InvalidArgument, match="report is one page"):
        dask_of.predict_files(
            model, [DATA / "l8_nodata_a.tif"], "maps", client=client, report="report.html"
        )
    (outcome,) = dask_of.predict_files(
        model, [DATA / "l8_nodata_a.tif"], "maps", mask="mask.tif", client=client
    )
    assert np.array_equal(
        read(tmp_path / "maps" / "l8_nodata_a.tif")[0] > 0, keep & (scene != 0).all(axis=0)
    )
    assert outcome.model is None and outcome.paths == {}  # it was a temporary file

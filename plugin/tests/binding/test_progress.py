"""Progress comes on the calling thread; False cancels; exceptions are passed on."""

import os
import signal
import sys
import threading
import time

import bandcluster
import numpy as np
import pytest
from bandcluster import _native
from scenes import read


@pytest.fixture(scope="module")
def scene():
    return read("s2_train.tif")


@pytest.fixture(scope="module")
def model(scene):
    return bandcluster.fit(scene)


def calls(scene, model):
    """All functions with a progress callable, by name."""
    return {
        "fit": lambda progress: bandcluster.fit(scene, progress=progress),
        "predict": lambda progress: model.predict(scene, progress=progress),
        "summary add": lambda progress: bandcluster.Summary(4, scene.dtype).add(
            scene, progress=progress
        ),
        "summary fit": lambda progress: summary_of(scene).fit(progress=progress),
        "refinement add": lambda progress: bandcluster.Refinement(model, scene.dtype).add(
            scene, progress=progress
        ),
    }


def summary_of(scene):
    summary = bandcluster.Summary(4, scene.dtype)
    summary.add(scene)
    return summary


CALLS = list(calls(None, None))


@pytest.mark.parametrize("name", CALLS)
def test_fractions_rise_on_this_thread(name, scene, model):
    seen = []

    def progress(fraction, message):
        assert isinstance(message, str)
        seen.append((fraction, threading.get_ident()))

    calls(scene, model)[name](progress)
    fractions = [fraction for fraction, _ in seen]
    assert seen and {thread for _, thread in seen} == {threading.get_ident()}
    assert fractions == sorted(fractions)
    assert fractions[0] >= 0 and fractions[-1] <= 1


@pytest.mark.parametrize("answer", [False, np.False_], ids=["False", "np.False_"])
@pytest.mark.parametrize("name", CALLS)
def test_false_at_the_first_call_cancels(name, answer, scene, model):
    count = []
    with pytest.raises(bandcluster.Cancelled):
        calls(scene, model)[name](lambda *_: count.append(1) or answer)
    assert len(count) == 1


@pytest.mark.parametrize("answer", [None, 0, "", True])
def test_anything_else_goes_on(answer, scene, model):
    assert bandcluster.fit(scene, progress=lambda *_: answer).to_json() == model.to_json()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("error", [RuntimeError("mine"), KeyboardInterrupt()], ids=repr)
def test_what_it_raises_comes_out(name, error, scene, model):
    def progress(fraction, message):
        raise error

    with pytest.raises(type(error)) as raised:
        calls(scene, model)[name](progress)
    assert raised.value is error


def test_a_long_fit_is_cancelled_at_once():
    scene = read("s2_13band.tif")
    cancelled_at = []

    def progress(fraction, message):
        if time.monotonic() - start > 1:
            cancelled_at.append(time.process_time())
            return False

    start = time.monotonic()
    with pytest.raises(bandcluster.Cancelled):
        bandcluster.fit(scene, n_clusters=200, n_init=100_000, progress=progress)
    # Seconds of all cores: other programs on the machine do not count.
    assert time.process_time() - cancelled_at[0] < 0.5 * os.cpu_count()


def test_labels_of_a_cancelled_predict_are_not_returned(scene, model):
    with pytest.raises(bandcluster.Cancelled):
        model.predict(scene, progress=lambda *_: False)
    assert model.predict(scene).all()


def test_several_threads_at_once(scene, model):
    """Messages are kept per thread: each caller gets its own."""
    errors = {}

    def work(number):
        try:
            bandcluster.fit(scene[:, :50, :50], n_clusters=3000 + number, threads=1)
        except bandcluster.InvalidData as error:
            errors[number] = str(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 4 and all(str(3000 + number) in text for number, text in errors.items())


def test_threads_may_share_what_they_change(tmp_path):
    """The library does not lock objects; without locks in Python, threads would spoil them."""
    blocks = np.random.default_rng(1).integers(0, 60000, (4, 5, 4, 100, 100), np.uint16)
    shared, alone = (bandcluster.Summary(4, np.uint16, memory=8) for _ in range(2))
    begin = threading.Barrier(len(blocks))

    def work(mine):
        begin.wait()
        for block in mine:
            shared.add(block, threads=1)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in blocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for block in blocks.reshape(20, 4, 100, 100):
        alone.add(block)
    shared.save(tmp_path / "shared")
    alone.save(tmp_path / "alone")
    assert (tmp_path / "shared").read_bytes() == (tmp_path / "alone").read_bytes()


def test_what_is_at_work_is_not_used_by_its_own_progress(scene):
    summary, said = bandcluster.Summary(4, scene.dtype), []

    def progress(fraction, message):
        with pytest.raises(
            bandcluster.InvalidArgument, match="must not use the object that is at work"
        ) as refused:
            summary.info()
        said.append(refused)
        with pytest.raises(bandcluster.InvalidArgument, match="the object that is at work"):
            summary.add(scene)

    summary.add(scene, progress=progress)
    assert said and summary.info().n_pixels == scene[0].size


def test_a_model_is_not_changed_while_it_is_read(scene, model):
    """The library would read names that are gone."""
    model, names = (
        bandcluster.Model.from_json(model.to_json()),
        [f"n{number}" for number in range(model.n_clusters)],
    )
    renamed, seen = threading.Event(), []

    def rename():
        model.class_names = names
        renamed.set()

    other = threading.Thread(target=rename)

    def progress(fraction, message):
        if not seen:
            other.start()
            with pytest.raises(
                bandcluster.InvalidArgument, match="must not use the object that is at work"
            ):
                model.class_names = names
        seen.append(renamed.wait(0.2) or model.class_names == names)

    labels = model.predict(scene, progress=progress)
    other.join()
    assert labels.all() and seen and not any(seen)
    assert model.class_names == names


@pytest.mark.skipif(
    sys.platform == "win32", reason="there os.kill ends the process instead of interrupting it"
)
@pytest.mark.parametrize("progress", [None, lambda *_: None], ids=["no progress", "progress"])
def test_ctrl_c_ends_a_long_fit(progress, scene):
    """Python notices it at the start of the callback, where ctypes drops exceptions."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT))
    try:
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            bandcluster.fit(scene, n_clusters=200, n_init=100_000, progress=progress)
        assert time.monotonic() - start < 120  # the fit would take hours
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, handler)


def test_ctrl_c_comes_out_of_a_call_that_fails():
    """It comes while the library itself detects an error."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            with _native.running(1, None):
                signal.raise_signal(signal.SIGINT)
                raise bandcluster.InvalidData("what the library has found meanwhile")
    finally:
        signal.signal(signal.SIGINT, handler)

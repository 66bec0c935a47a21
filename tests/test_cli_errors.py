"""Bad input on the command line: exit 1, one helpful line, and no files left behind."""

import contextlib
import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from helpers import CLI, DATA, must, read_bands, run, write_bands
from osgeo import gdal


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """A folder with all kinds of wrong inputs."""
    folder = tmp_path_factory.mktemp("inputs")
    rows = np.arange(20 * 30, dtype=np.uint16).reshape(1, 20, 30)
    scene = np.concatenate([rows % 97, rows % 31])
    write_bands(folder / "scene.tif", scene)
    write_bands(folder / "other_size.tif", scene[:, :10])
    write_bands(folder / "three_values.tif", rows % 3)
    write_bands(folder / "all_nodata.tif", np.zeros((2, 20, 30), np.uint16), nodata=0)
    write_bands(folder / "all_nan.tif", np.full((2, 20, 30), np.nan, np.float32))
    write_bands(folder / "constant_band.tif", np.concatenate([rows, rows * 0 + 5]))
    (folder / "text.tif").write_text("this is not a raster\n")
    (folder / "empty.tif").write_bytes(b"")
    whole = (DATA / "s2_train.tif").read_bytes()
    (folder / "truncated.tif").write_bytes(whole[: len(whole) // 2])
    # In a COG the directory comes first: the file opens, and reading fails half-way.
    gdal.Translate(str(folder / "half.tif"), str(DATA / "s2_train.tif"), format="COG")
    whole = (folder / "half.tif").read_bytes()
    (folder / "half.tif").write_bytes(whole[: len(whole) // 2])

    must(CLI, "fit", folder / "scene.tif", "--model", folder / "model.json", "-k", 3, "--quiet")
    must(
        CLI,
        "fit",
        folder / "three_values.tif",
        "--model",
        folder / "one_band.json",
        "-k",
        2,
        "--quiet",
    )
    text = (folder / "model.json").read_text()
    (folder / "empty.json").write_text("")
    (folder / "garbage.json").write_bytes(b"\x00\xff garbage" * 50)
    (folder / "truncated.json").write_text(text[: len(text) // 2])
    (folder / "newer.json").write_text(json.dumps({**json.loads(text), "version": 3}))
    partial = {name: value for name, value in json.loads(text).items() if name != "classes"}
    (folder / "partial.json").write_text(json.dumps(partial))
    (folder / "foreign.json").write_text('{"type": "FeatureCollection"}')
    return folder


@pytest.fixture
def here(inputs, tmp_path):
    """A folder of the test's own: inputs in `in`, outputs go to `out`."""
    shutil.copytree(inputs, tmp_path / "in")
    (tmp_path / "out").mkdir()
    return tmp_path


def contents(folder):
    return {
        path.relative_to(folder): path.is_file() and path.read_bytes() for path in folder.rglob("*")
    }


def one_line(text):
    return text.endswith("\n") and text.count("\n") == 1 and len(text) > 20


SCENE_TO_OUT = ["in/scene.tif", "out/labels.tif"]

# The error, the command line, and words that the message must have.
FAILURES = {
    "missing file": ("cluster in/none.tif out/labels.tif", "none.tif"),
    "missing second band file": ("cluster in/scene.tif,in/none.tif out/labels.tif", "none.tif"),
    "not a raster": ("cluster in/text.tif out/labels.tif", "text.tif"),
    "empty file": ("cluster in/empty.tif out/labels.tif", "empty.tif"),
    "folder as input": ("cluster in out/labels.tif", "in"),
    "truncated TIFF": ("cluster in/truncated.tif out/labels.tif", "truncated.tif"),
    "TIFF truncated half-way": ("cluster in/half.tif out/labels.tif", "half.tif"),
    "TIFF truncated half-way, predict": (
        "predict in/model.json in/half.tif out/labels.tif --bands 1,2",
        "half.tif",
    ),
    "band 9 of 2": ("cluster in/scene.tif out/labels.tif --bands 1,9", "9.*2"),
    "band 0": ("cluster in/scene.tif out/labels.tif --bands 0,1", "band"),
    "k = 0": (
        "cluster in/scene.tif out/labels.tif -k 0",
        "--clusters is 0: give a number from 1 to 65535",
    ),
    "k is a word": (
        "cluster in/scene.tif out/labels.tif -k four",
        "--clusters is 'four': give a whole number",
    ),
    "k is not whole": (
        "cluster in/scene.tif out/labels.tif -k 4.5",
        "--clusters is '4.5': give a whole number",
    ),
    "k is huge": (
        f"cluster in/scene.tif out/labels.tif -k {10**20}",
        "--clusters is .*: give a smaller",
    ),
    "seed below 0": (
        "cluster in/scene.tif out/labels.tif --seed -1",
        "--seed is '-1': give a whole number from 0 up",
    ),
    "tolerance is a word": (
        "cluster in/scene.tif out/labels.tif --tol x",
        "--tol is 'x': give a number",
    ),
    "tolerance below 0": (
        "cluster in/scene.tif out/labels.tif --tol -1",
        "--tol is -1: give a number from 0 up",
    ),
    "threads below 0": (
        "cluster in/scene.tif out/labels.tif --threads -1",
        "--threads is -1: .*0 for all cores",
    ),
    "threads is a word": (
        "cluster in/scene.tif out/labels.tif --threads all",
        "--threads is 'all': give a whole number",
    ),
    "dbscan with k": (
        "cluster in/scene.tif out/labels.tif --algorithm dbscan -k 5",
        "dbscan finds the number .* itself",
    ),
    "unknown option of an algorithm": (
        "cluster in/scene.tif out/labels.tif --algorithm dbscan --option epss=3",
        "dbscan has no option epss .did you mean eps",
    ),
    "configuration without value": (
        "cluster in/scene.tif out/labels.tif --config GDAL_SKIP",
        "not NAME=VALUE",
    ),
    "missing scene among several": (
        "predict --model in/model.json in/scene.tif in/none.tif --labels-dir out",
        "none.tif",
    ),
    "k above the distinct pixels": ("cluster in/three_values.tif out/labels.tif -k 4", "4.*3|3.*4"),
    "k above 65535": ("cluster in/scene.tif out/labels.tif -k 65536", "65535"),
    "all nodata": ("cluster in/all_nodata.tif out/labels.tif", "valid|nodata"),
    "all nodata by option": (
        "cluster in/constant_band.tif out/labels.tif --nodata 5",
        "valid|nodata",
    ),
    "NaN everywhere": ("cluster in/all_nan.tif out/labels.tif", "valid|NaN"),
    "constant band with z-score": (
        "cluster in/constant_band.tif out/labels.tif --scaling zscore",
        "2",
    ),
    "bands of different sizes": (
        "cluster in/scene.tif,in/other_size.tif out/labels.tif",
        "size|30 x",
    ),
    "fit scenes with other bands": (
        "fit in/scene.tif in/three_values.tif --model out/m.json",
        "band",
    ),
    "mask of another size": (
        "cluster in/scene.tif out/labels.tif --mask in/other_size.tif",
        "size|30 x",
    ),
    "missing mask": ("cluster in/scene.tif out/labels.tif --mask in/none.tif", "none.tif"),
    "output folder missing": ("cluster in/scene.tif out/no/labels.tif", "out/no"),
    "output is a folder": ("cluster in/scene.tif out", "out"),
    "model folder missing": ("cluster in/scene.tif out/labels.tif --model out/no/m.json", "out/no"),
    "picture folder missing": (
        "cluster in/scene.tif out/labels.tif --quicklook out/no/q.png",
        "out/no",
    ),
    "picture of unknown kind": (
        "cluster in/scene.tif out/labels.tif --quicklook out/q.xyz",
        "q.xyz|png",
    ),
    "fit's folder missing": ("fit in/scene.tif --model out/no/m.json", "out/no"),
    "output equals input": ("cluster in/scene.tif in/scene.tif", "scene.tif"),
    "output equals input, respelt": ("cluster in/scene.tif out/../in/scene.tif", "scene.tif"),
    "output equals one of several": (
        "cluster in/constant_band.tif,in/scene.tif in/scene.tif",
        "scene.tif",
    ),
    "predict onto its input": ("predict in/model.json in/scene.tif in/scene.tif", "scene.tif"),
    "predict onto its model": ("predict in/model.json in/scene.tif in/model.json", "model.json"),
    "model onto the input": ("fit in/scene.tif --model in/scene.tif", "scene.tif"),
    "model onto the map": ("cluster in/scene.tif out/x --model out/x", "out/x"),
    "model of 1 band": ("predict in/one_band.json in/scene.tif out/labels.tif", "band"),
    "model missing": (
        "predict --model in/none.json in/scene.tif out/labels.tif",
        "there is no file in/none.json",
    ),
    "model is a folder": (
        "predict --model in in/scene.tif out/labels.tif",
        "cannot read in: it is a folder",
    ),
    "model without a field": (
        "predict --model in/partial.json in/scene.tif out/labels.tif",
        "partial.json.*is missing",
    ),
    "model to merge missing": (
        "merge --model in/none.json --into a=1,2 -o out/m.json",
        "there is no file in/none.json",
    ),
    "old model missing": (
        "cluster in/scene.tif out/labels.tif --like in/none.json",
        "there is no file in/none.json",
    ),
    "model empty": ("predict in/empty.json in/scene.tif out/labels.tif", "empty.json"),
    "model garbage": ("predict in/garbage.json in/scene.tif out/labels.tif", "garbage.json"),
    "model truncated": ("predict in/truncated.json in/scene.tif out/labels.tif", "truncated.json"),
    "model of a newer version": (
        "predict in/newer.json in/scene.tif out/labels.tif",
        "newer.json.*version",
    ),
    "model of another program": (
        "predict in/foreign.json in/scene.tif out/labels.tif",
        "foreign.json",
    ),
    "raster as model": ("predict in/scene.tif in/scene.tif out/labels.tif", "scene.tif"),
    "info of nothing": ("info in/none.tif", "none.tif"),
    "info of a text": ("info in/text.tif", "text.tif"),
    "info of half a model": ("info in/truncated.json", "truncated.json"),
    "unknown colour": ("cluster in/scene.tif out/labels.tif -k 2 --colors red,reddish", "reddish"),
    "too few colours": ("cluster in/scene.tif out/labels.tif -k 3 --colors red,blue", "3"),
}


@pytest.mark.parametrize("command, about", FAILURES.values(), ids=FAILURES)
def test_failure(here, command, about):
    before = contents(here)
    done = run(CLI, *command.split(), cwd=here)
    assert done.returncode == 1, done.stdout + done.stderr
    assert one_line(done.stderr), done.stderr
    assert re.search(about, done.stderr), done.stderr
    for unkind in ("os error", "unknown field", "expected", "invalid type", "at line"):
        assert unkind not in done.stderr, done.stderr
    assert done.stdout == ""
    assert contents(here) == before


USAGE = {
    "no command": "",
    "unknown command": "classify in/scene.tif out/labels.tif",
    "no output": "cluster in/scene.tif",
    "unknown option": "cluster in/scene.tif out/labels.tif --shape round",
    "unknown scaling": "cluster in/scene.tif out/labels.tif --scaling log",
    "no model": "predict in/scene.tif out/labels.tif",
    "no map": "predict in/scene.tif --model in/model.json",
    "several scenes and no folder": (
        "predict in/scene.tif in/scene.tif out/labels.tif --model in/model.json"
    ),
}


@pytest.mark.parametrize("command", USAGE.values(), ids=USAGE)
def test_usage(here, command):
    before = contents(here)
    done = run(CLI, *command.split(), cwd=here)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Usage" in done.stderr or "--help" in done.stderr
    assert contents(here) == before


def test_one_class_is_allowed(here):
    must(CLI, "cluster", *SCENE_TO_OUT, "-k", 1, "--quiet", cwd=here)
    assert np.unique(read_bands(here / "out" / "labels.tif")).tolist() == [1]


def test_an_old_output_survives_a_failure(here):
    (here / "out" / "labels.tif").write_text("precious")
    before = contents(here)
    assert (
        run(
            CLI, "cluster", "in/truncated.tif", "out/labels.tif", "--overwrite", cwd=here
        ).returncode
        == 1
    )
    assert contents(here) == before


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A raster of 2e9 pixels that takes minutes to read, as a VRT that repeats a scene."""
    folder = tmp_path_factory.mktemp("large")
    times, size = 60, 832
    sources = [
        f"<SimpleSource><SourceFilename>{DATA / 's2_train.tif'}</SourceFilename>"
        "<SourceBand>{band}</SourceBand>"
        f'<SrcRect xOff="0" yOff="0" xSize="{size}" ySize="{size}"/>'
        f'<DstRect xOff="{column * size}" yOff="{row * size}" xSize="{size}"'
        f' ySize="{size}"/></SimpleSource>'
        for row in range(times)
        for column in range(times)
    ]
    bands = [
        '<VRTRasterBand dataType="UInt16"'
        f' band="{band}">{"".join(sources).format(band=band)}</VRTRasterBand>'
        for band in (1, 2, 3, 4)
    ]
    side = times * size
    path = folder / "large.vrt"
    path.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}">{"".join(bands)}</VRTDataset>'
    )
    return path


@pytest.mark.parametrize(
    "command", ["info model.json", "info scene.tif --json", "choose-k scene.tif --max 3", "cluster"]
)
def test_a_result_that_cannot_be_printed_is_a_failure(here, command):
    words = (
        ["cluster", "scene.tif", here / "out/labels.tif", "-k", "2", "--json"]
        if command == "cluster"
        else command.split()
    )
    with open("/dev/full", "w") as full:
        found = subprocess.run(
            [CLI, *words], cwd=here / "in", stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert found.returncode == 1 and one_line(found.stderr)
    assert "cannot be written to standard output" in found.stderr
    reader = subprocess.run(
        f"{CLI} info scene.tif | true", shell=True, cwd=here / "in", stderr=subprocess.PIPE
    )
    assert reader.stderr == b""  # a closed pipe is not an error


@pytest.mark.parametrize(
    "words, code",
    [
        ("cluster scene.tif ../out/labels.tif -k 2 --overwrite --model -", 0),
        ("cluster none.tif ../out/labels.tif", 1),
        ("cluster scene.tif ../out/labels.tif -k four", 1),
    ],
)
def test_messages_that_cannot_be_printed_change_nothing(here, words, code):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [CLI, *words.split()], cwd=here / "in", stdout=subprocess.DEVNULL, stderr=full
        )
    assert done.returncode == code
    assert (here / "out/labels.tif").exists() == (code == 0)


def test_little_memory_is_no_endless_search_for_more(inputs):
    """OpenBLAS, which GDAL may load, would try for ever to get memory for its threads."""
    for kib in range(180_000, 400_000, 20_000):
        limited = f"ulimit -v {kib}; exec {CLI} info {inputs / 'model.json'}"
        done = subprocess.run(
            ["timeout", "-k", "1", "120", "bash", "-c", limited], capture_output=True
        )
        assert done.returncode not in (124, 137), kib


def has_open(process, name):
    """Whether a process has a file of this name open."""
    for link in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            if link.readlink().name == name:
                return True
    return False


def has_content(folder):
    """Whether any file there is not empty."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # removed meanwhile
            if path.stat().st_size > 0:
                return True
    return False


def wait_for(condition, process, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("phase", ["fitting", "labelling"])
def test_interrupt_leaves_nothing(here, inputs, large, phase):
    out = here / "out"
    if phase == "fitting":
        command = [CLI, "cluster", large, out / "labels.tif", "--model", out / "model.json"]
    else:
        must(CLI, "fit", DATA / "s2_train.tif", "--model", here / "model.json", "--quiet")
        command = [CLI, "predict", here / "model.json", large, out / "labels.tif"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if phase == "fitting":
        wait_for(lambda: has_open(process, "s2_train.tif"), process)
    else:
        wait_for(lambda: has_content(out), process)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130
    assert message.count("\n") <= 1, message
    assert list(out.iterdir()) == []

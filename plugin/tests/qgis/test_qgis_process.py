"""qgis_process, end to end: three algorithms on real scenes, failures, an interrupt."""

import json
import signal
import subprocess
import time

import bandcluster
import numpy as np
import pytest
from scenes import read


def test_it_is_listed_and_explained(qgis_process):
    listed = qgis_process("list")
    assert all(
        f"bandcluster:{name}\t" in listed.stdout
        for name in ("cluster", "fit", "predict", "choosek")
    )
    helped = qgis_process("help", "bandcluster:cluster")
    assert "The number of classes to find." in helped.stdout


def test_list_and_help_need_no_library(qgis_process, tmp_path):
    for command in (["list"], ["help", "bandcluster:cluster"]):
        result = qgis_process(*command, BANDCLUSTER_LIBRARY=str(tmp_path / "none.so"))
        assert result.returncode == 0 and "bandcluster:cluster" in result.stdout


def test_run_without_the_library_says_so(qgis_process, copied, folder, tmp_path):
    result = qgis_process(
        "run",
        "bandcluster:cluster",
        f"--INPUT={copied('s2_train.tif')}",
        f"--OUTPUT={folder / 'c.tif'}",
        BANDCLUSTER_LIBRARY=str(tmp_path / "none.so"),
    )
    assert result.returncode != 0
    assert "none.so, which is not a file" in result.stderr
    assert list(folder.iterdir()) == []


def test_the_three_algorithms(qgis_process, copied, folder, labels_of):
    train, neighbour = copied("s2_train.tif"), copied("s2_predict.tif")
    bands = ["--BANDS=3", "--BANDS=2", "--BANDS=1"]

    def results(name, *arguments):
        result = qgis_process("--json", "run", f"bandcluster:{name}", *arguments)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)["results"]

    clustered = results(
        "cluster",
        f"--INPUT={train}",
        *bands,
        "--CLUSTERS=6",
        "--SEED=5",
        f"--OUTPUT={folder / 'c.tif'}",
        f"--MODEL_OUTPUT={folder / 'c.json'}",
    )
    results(
        "fit",
        f"--INPUT={train}",
        *bands,
        "--CLUSTERS=6",
        "--SEED=5",
        f"--MODEL_OUTPUT={folder / 'f.json'}",
    )
    predicted = results(
        "predict",
        f"--INPUT={neighbour}",
        f"--MODEL={folder / 'f.json'}",
        f"--OUTPUT={folder / 'p.tif'}",
    )
    expected = bandcluster.fit(read("s2_train.tif")[[2, 1, 0]], n_clusters=6, seed=5)
    assert (folder / "f.json").read_text() == (folder / "c.json").read_text()
    assert np.array_equal(
        labels_of(folder / "c.tif"), expected.predict(read("s2_train.tif")[[2, 1, 0]])
    )
    assert np.array_equal(
        labels_of(folder / "p.tif"), expected.predict(read("s2_predict.tif")[[2, 1, 0]])
    )
    assert clustered["INERTIA"] == pytest.approx(expected.inertia)
    assert clustered["N_VALID"] == predicted["N_VALID"] == 832 * 832


def test_fit_on_several_scenes(qgis_process, copied, folder):
    result = qgis_process(
        "run",
        "bandcluster:fit",
        f"--INPUT={copied('s2_train.tif')}",
        f"--INPUT={copied('s2_predict.tif')}",
        f"--MODEL_OUTPUT={folder / 'm.json'}",
    )
    assert result.returncode == 0, result.stderr
    both = np.concatenate([read("s2_train.tif"), read("s2_predict.tif")], axis=1)
    assert np.array_equal(
        bandcluster.Model.load(folder / "m.json").centers, bandcluster.fit(both).centers
    )


def test_another_algorithm_with_options_of_its_own(qgis_process, copied, folder, labels_of):
    arguments = [
        "run",
        "bandcluster:cluster",
        f"--INPUT={copied('s2_train.tif')}",
        f"--OUTPUT={folder / 'c.tif'}",
    ]
    result = qgis_process(
        *arguments,
        "--ALGORITHM=4",
        "--CLUSTERS=5",
        "--OPTIONS=linkage=average, n_representatives=500",
    )
    assert result.returncode == 0, result.stderr
    scene = read("s2_train.tif")
    options = {"linkage": "average", "n_representatives": 500}
    expected = bandcluster.fit(scene, 5, algorithm="agglomerative", **options)
    assert np.array_equal(labels_of(folder / "c.tif"), expected.predict(scene))
    refused = qgis_process(*arguments, "--ALGORITHM=6", "--OPTIONS=eps=far")
    assert refused.returncode != 0 and "eps" in refused.stderr
    refused = qgis_process(*arguments, "--OPTIONS=eps")
    assert refused.returncode != 0 and "is not name=value" in refused.stderr


def test_choose_k(qgis_process, copied, folder):
    arguments = [
        "run",
        "bandcluster:choosek",
        f"--INPUT={copied('s2_train.tif')}",
        "--MAX=6",
        "--N_INIT=4",
    ]
    result = qgis_process(
        "--json", *arguments, "--BANDS=3", "--BANDS=2", f"--REPORT={folder / 'page.html'}"
    )
    assert result.returncode == 0, result.stderr
    results = json.loads(result.stdout)["results"]
    expected = bandcluster.choose_k(read("s2_train.tif")[[2, 1]], max=6, n_init=4)
    assert results["RECOMMENDED_K"] == expected.recommended
    assert results["N_VALID"] == 832 * 832
    assert [path.name for path in folder.iterdir()] == ["page.html"]
    assert expected.reason in (folder / "page.html").read_text()
    told = qgis_process(*arguments, "--BANDS=3", "--BANDS=2")
    assert expected.reason in told.stdout + told.stderr
    assert f"* {expected.recommended:4d}  " in told.stdout + told.stderr


def test_choose_k_with_a_range_the_wrong_way_round(qgis_process, copied):
    result = qgis_process(
        "run", "bandcluster:choosek", f"--INPUT={copied('s2_train.tif')}", "--MIN=5", "--MAX=4"
    )
    assert result.returncode != 0
    assert "5, is above the maximum, 4; exchange them" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_failure_has_a_code_and_a_line(qgis_process, copied, folder):
    result = qgis_process(
        "run",
        "bandcluster:cluster",
        f"--INPUT={copied('s2_train.tif')}",
        "--BANDS=9",
        f"--OUTPUT={folder / 'c.tif'}",
    )
    assert result.returncode != 0
    assert (
        "band 9 was asked for" in result.stderr and "has 4: give bands from 1 to 4" in result.stderr
    )
    assert "Traceback" not in result.stderr
    assert list(folder.iterdir()) == []


def _heed_interrupts():
    """Restores Ctrl-C, which a shell's background processes and their children ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupt(qgis_process, program, copied, folder):
    """Ctrl-C deep inside a fit that would take hours."""
    with subprocess.Popen(
        [
            qgis_process.executable,
            "run",
            "bandcluster:cluster",
            f"--INPUT={copied('s2_train.tif')}",
            "--CLUSTERS=200",
            "--N_INIT=1000000",
            f"--OUTPUT={folder / 'c.tif'}",
        ],
        env=program.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,
    ) as process:
        try:
            printed = ""
            while "20..." not in printed:  # near the end of reading, which takes less than a second
                letter = process.stdout.read(1)
                assert letter, printed + process.stderr.read()
                printed += letter
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode != 0, said
    assert list(folder.iterdir()) == []

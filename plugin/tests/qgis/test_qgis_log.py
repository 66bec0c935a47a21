"""The log of a result: classes with their areas, and their pairs in an older model."""

import bandcluster
import pytest
from qgis.core import QgsProcessingFeedback
from scenes import read


@pytest.fixture
def log(run, monkeypatch):
    """Runs an algorithm; returns the lines that it logs."""
    monkeypatch.setattr("qgis.utils.iface", None)  # spaces as in a terminal, not as in HTML

    def log(name, **given):
        feedback = QgsProcessingFeedback()
        run(name, **given, feedback=feedback)
        return feedback.textLog().splitlines()

    return log


def rows(lines, heading):
    """The rows of the table with this heading, each as a list of words."""
    start = next(at for at, line in enumerate(lines) if line.split()[: len(heading)] == heading)
    table = []
    for line in lines[start + 1 :]:
        if not line.strip()[:1].isdigit():
            break
        table.append(line.split())
    return table


def test_the_classes_and_their_areas(log, copied, folder):
    lines = log(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    counts = bandcluster.Model.load(folder / "m.json").counts
    found = rows(lines, ["value", "name", "pixels", "share", "area"])
    assert [int(row[0]) for row in found] == [1, 2, 3, 4]
    assert [int(row[-4].replace(",", "")) for row in found] == counts.tolist()
    assert [float(row[-3]) for row in found] == [
        round(100 * count / counts.sum(), 1) for count in counts
    ]
    assert [float(row[-1].replace(",", "")) for row in found] == pytest.approx(
        counts / 100, rel=1e-2
    )


def test_a_scene_without_a_place_has_no_areas(log, folder, write):
    from osgeo import gdal

    path = str(folder.parent / "nowhere.tif")
    pixels = read("s2_train.tif")[:, :60, :60]
    gdal.Translate(path, write("scene.tif", pixels), options="-a_nodata none")
    gdal.Open(path, gdal.GA_Update).SetGeoTransform((0, 1, 0, 0, 0, 1))
    lines = log("cluster", INPUT=path, OUTPUT=folder / "c.tif")
    assert len(rows(lines, ["value", "name", "pixels", "share"])) == 4


def test_what_classes_are_like(log, run, copied, folder):
    scene = copied("s2_train.tif")
    run("fit", INPUT=[scene], MODEL_OUTPUT=folder / "old.json")
    given = {"INPUT": copied("s2_predict.tif"), "CLUSTERS": 5, "LIKE": folder / "old.json"}
    expected = bandcluster.run_job(
        {
            "command": "cluster",
            "input": given["INPUT"],
            "output": str(folder / "e.tif"),
            "n_clusters": 5,
            "like": str(given["LIKE"]),
        }
    )["aligned"]
    for name, output in (
        ("cluster", {"OUTPUT": folder / "c.tif"}),
        ("fit", {"MODEL_OUTPUT": folder / "n.json"}),
    ):
        if name == "fit":
            given["INPUT"] = [given["INPUT"]]
        lines = log(name, **given, **output)
        assert "Numbered like the given model:" in lines
        found = rows(lines, ["value", "name", "like", "class", "distance"])
        assert len(found) == len(expected) == 5
        for row, pair in zip(found, expected):
            assert int(row[0]) == pair["value"]
            if pair["like"] is None:
                assert "new" in row
            else:
                assert (int(row[-2]), float(row[-1])) == (
                    pair["like"],
                    pytest.approx(pair["distance"], rel=1e-5),
                )


def test_percentages_are_written_in_one_way(log, run, copied, write, folder):
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=folder / "m.json")
    shifted = write("shifted.tif", read("s2_predict.tif") + 1000)
    lines = log("predict", INPUT=shifted, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    shares = [line for line in lines if "%" in line]
    assert len(shares) > 2 and all(" %" in line and "0%" not in line for line in shares)
